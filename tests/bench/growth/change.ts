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

/** Every so often: what else is under way at that moment, as statuses are, makes a difference. */
const APART_MS = 170

/** Lets one more join a group in which nothing is being sent, then lets it crash, so many times: the means. */
export function changeViews(group: SimGroup, times: number): ChangeFigures {
  const runs = Array.from({ length: times }, () => changeTwice(group))
  const mean = (value: (run: ChangeFigures) => number) => runs.reduce((sum, run) => sum + value(run), 0) / times
  return { join: mean(({ join }) => join), crash: mean(({ crash }) => crash), search: mean(({ search }) => search) }
}

function changeTwice(group: SimGroup): ChangeFigures {
  const { world } = group
  const survivors = world.living()
  const joining = countTraffic(world)
  const joiner = group.start()
  waitFor(world, 'it is a member', () => inOneView([...survivors, joiner]))
  world.run(APART_MS)
  const crashing = countTraffic(world)
  joiner.crash(() => 0)
  waitFor(world, 'it is left out', () => inOneView(survivors))
  world.run(APART_MS)
  world.network.observer = undefined
  return {
    join: messagesOf(joining, (kind) => AGREEMENT.includes(kind) || JOINING.includes(kind)),
    crash: messagesOf(crashing, (kind) => AGREEMENT.includes(kind)),
    search: messagesOf(crashing, (kind) => SEARCH.includes(kind)),
  }
}
