import { inOneView, type SimGroup, waitFor } from './group.ts'
import { countTraffic, messagesOf } from './traffic.ts'

/** What two changes of the view cost: messages over all links, once a destination. */
export interface ChangeFigures {
  /** One joins: its requests, and all that is needed to agree on the next view. */
  readonly join: number
  /** One crashes: all that is needed to agree on the next view. */
  readonly crash: number
  /** Until everyone was sure of that: questions to each other, and what went other ways to one whose link had closed. */
  readonly search: number
}

const AGREEMENT = [
  'prepare',
  'promise',
  'nack',
  'fill',
  'filled',
  'pull',
  'accept',
  'accepted',
  'decide',
  'behind',
  'verdict',
]
const JOINING = ['join', 'refuse', 'chunk', 'chunk-ack', 'save-failed']
const SEARCH = ['probe', 'alive', 'relay']

/** Lets one more join a group in which nothing is being sent, then one crash. */
export function changeTwice(group: SimGroup): ChangeFigures {
  const { world } = group
  const joining = countTraffic(world)
  group.start()
  waitFor(world, 'it is a member', () => inOneView(world.peers))
  const crashing = countTraffic(world)
  const crashed = world.peers.at(-1)!
  crashed.crash(() => 0)
  const survivors = world.peers.filter((peer) => peer !== crashed)
  waitFor(world, 'it is left out', () => inOneView(survivors))
  world.network.observer = undefined
  return {
    join: messagesOf(joining, (kind) => AGREEMENT.includes(kind) || JOINING.includes(kind)),
    crash: messagesOf(crashing, (kind) => AGREEMENT.includes(kind)),
    search: messagesOf(crashing, (kind) => SEARCH.includes(kind)),
  }
}
