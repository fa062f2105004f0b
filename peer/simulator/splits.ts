import type { Chaos } from './chaos.ts'
import type { Arsenal, Fault } from './faults.ts'

/** Long enough for links to break, for members to give each other up, and for a fork. */
const SPLIT_MS = [12_000, 35_000] as const

/** What makes lineages of their own, and takes the witness's memory. */
const SPLITS: readonly Fault[] = [
  { name: 'long partition', weight: 6, from: 'default', strike: (chaos) => chaos.partition(SPLIT_MS) },
  { name: 'another founder', weight: 5, from: 'default', strike: anotherFounder },
  {
    name: 'witness forgets',
    weight: 4,
    from: 'default',
    strike: (chaos) => chaos.world.introducer.forgetVotes(),
  },
  { name: 'fork by hand', weight: 3, from: 'default', strike: forkByHand },
]

/** They have randomness of their own: the others stay as they are. */
export const SPLIT_FAULTS: Arsenal = {
  faults: SPLITS,
  strikes: { light: [0, 0], default: [0, 3], hard: [1, 5] },
}

export const splitNames: readonly string[] = SPLITS.map(({ name }) => name)

/** The server names one who has just come, though a group lives: most often it founds before anyone lets it in. */
function anotherFounder(chaos: Chaos): boolean {
  const { world, random } = chaos
  const peer = chaos.start()
  if (peer === undefined) return false
  chaos.later(random.between(0, 400), () => world.introducer.nameAnother(peer.id))
  return true
}

function forkByHand(chaos: Chaos): boolean {
  const blocked = chaos.members().filter((peer) => peer.blocked)
  const peer = chaos.random.pick(blocked)
  peer?.input({ type: 'fork' })
  return peer !== undefined
}
