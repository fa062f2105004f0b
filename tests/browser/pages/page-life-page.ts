import { connect, type Group, type TraceEvent, type TuttiError } from '../../../peer/index.ts'
import { runtimeAsked } from './runtime-asked.ts'

// A page that joins a group and keeps a list of all that is said there. It goes and comes back as a browser lets it.

const asked = new URLSearchParams(location.search)
const list: string[] = []
/** What an iterator that lives as long as the page was handed out. */
const iterated: string[] = []
const trace: TraceEvent[] = []
const errors: string[] = []

const peer = connect({
  signaling: asked.get('signaling')!,
  name: asked.get('name')!,
  trace: (event) => trace.push(event),
  ...runtimeAsked(),
})
peer.addEventListener('error', ({ error }) => errors.push(String(error)))
addEventListener('pagehide', ({ persisted }) => {
  life.wasKept = persisted
})
addEventListener('pageshow', ({ persisted }) => {
  life.wasRestored = persisted
})

let loadTimer: ReturnType<typeof setInterval> | undefined

const life = {
  group: undefined as Group<string, string[]> | undefined,
  peer,
  list,
  iterated,
  trace,
  errors,
  wasKept: false,
  wasRestored: false,
  joined: join(),
  /** Says something every `intervalMs`, by CBCAST and ABCAST in turn, until `stop`. */
  start(intervalMs: number): void {
    loadTimer = setInterval(() => void say(), intervalMs)
  },
  stop: () => clearInterval(loadTimer),
  /** How many multicasts were asked for and how many of these are settled; those that failed, with their fates. */
  load: { asked: 0, settled: 0, failed: [] as [label: string, fate: string][] },
  /** Why the browser did not keep the page, if it says so. */
  notRestored: () => JSON.stringify(performance.getEntriesByType('navigation').map(reasonsOf)),
}

declare global {
  interface Window {
    life: typeof life
  }
}

window.life = life

async function join(): Promise<void> {
  const load = (saved: string[]): void => void list.splice(0, list.length, ...saved)
  const group = await peer.join<string, string[]>('room', { state: { save: () => [...list], load } })
  life.group = group
  group.addEventListener('message', ({ value }) => list.push(value))
  group.addEventListener('error', ({ error }) => errors.push(String(error)))
  void iterate(group)
}

async function say(): Promise<void> {
  const { load, group } = life
  const n = ++load.asked
  const label = `${peer.id} ${n}`
  try {
    await group![n % 2 === 0 ? 'cbcast' : 'abcast'](label).stable
  } catch (error) {
    load.failed.push([label, String((error as TuttiError).fate)])
  }
  load.settled++
}

async function iterate(group: Group<string, string[]>): Promise<void> {
  for await (const event of group) if (event.type === 'message') iterated.push(event.value)
}

function reasonsOf(entry: PerformanceEntry): unknown {
  return 'notRestoredReasons' in entry ? entry.notRestoredReasons : 'not told'
}
