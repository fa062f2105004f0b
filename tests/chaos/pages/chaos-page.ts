import { connect, type Group, type GroupStatus, type TraceEvent, TuttiError } from '../../../peer/index.ts'
import { Ledger, type SavedLedger } from './ledger.ts'

// A page that joins the group its address names as soon as it is loaded, and tells whoever opened it everything at once,
// so that little is lost when it is killed.

/** What became of a multicast: its `stable` resolved, or the code and the fate with which its receipt failed. */
export type Outcome = 'stable' | `${TuttiError['code']}:${string}`

/** What a page tells, in order. `at` is when, in ms since 1970. */
export type Told =
  | { readonly type: 'trace'; readonly event: TraceEvent }
  | { readonly type: 'cast'; readonly label: string; readonly room: string; readonly at: number }
  | { readonly type: 'outcome'; readonly label: string; readonly outcome: Outcome; readonly at: number }
  | { readonly type: 'status'; readonly status: GroupStatus; readonly at: number }
  | { readonly type: 'fault'; readonly text: string }

/** What a page tells at once. `page` is another after each load. */
export interface Batch {
  readonly page: string
  readonly lines: readonly Told[]
}

const asked = new URLSearchParams(location.search)
const room = asked.get('room')!
const ledger = new Ledger()
const untold: Told[] = []
const open = new Set<string>()
const castOf = ['cbcast', 'abcast', 'fbcast'] as const
let told = 0
let casts = 0
let load: ReturnType<typeof setInterval> | undefined
let group: Group<string, SavedLedger> | undefined

const peer = connect({
  signaling: asked.get('signaling')!,
  name: asked.get('name')!,
  trace: (event) => tell({ type: 'trace', event }),
})

const member = {
  /** Resolves when this page is a member. */
  joined: join(),

  /** Multicasts a value every `intervalMs`, of all kinds in turn. */
  startLoad(intervalMs: number): void {
    clearInterval(load)
    load = setInterval(say, intervalMs)
  },
  stopLoad: () => clearInterval(load),

  /** Keeps the page's main thread busy for so long. Returns when that ended, in ms since 1970. */
  hang(durationMs: number): number {
    const end = performance.now() + durationMs
    while (performance.now() < end);
    return Date.now()
  },

  report: () => ({
    /** How much it has told so far. */
    told,
    status: group?.status,
    /** Multicasts whose fate is not known yet. */
    open: [...open],
    state: ledger.save(),
    links: peer.links,
    hidden: document.visibilityState === 'hidden',
  }),

  /** What is going on inside, for people. */
  inspect: () => JSON.stringify({ signaling: peer.signaling, links: peer.links, group: group?.inspect() }, plain, 1),
}

declare global {
  interface Window {
    chaos: typeof member
    /** Takes a `Batch` as JSON. */
    told(batch: string): void
  }
}

window.chaos = member

async function join(): Promise<void> {
  const fork = asked.get('fork') === 'yes' ? ({ onQuorumLoss: 'fork', onMerge: 'replay' } as const) : {}
  const joined = await peer.join<string, SavedLedger>(room, {
    state: { save: () => ledger.save(), load: (saved) => ledger.load(saved) },
    ...fork,
  })
  group = joined
  group.addEventListener('message', ({ id, kind, value }) => ledger.add(value, id, kind === 'total'))
  group.addEventListener('status', ({ status }) => tell({ type: 'status', status, at: Date.now() }))
  group.addEventListener('error', ({ error }) => fault(error))
  peer.addEventListener('error', ({ error }) => fault(error))
  tell({ type: 'status', status: group.status, at: Date.now() })
}

function say(): void {
  const label = `${peer.id}/${++casts}`
  const settle = (outcome: Outcome): void => {
    open.delete(label)
    tell({ type: 'outcome', label, outcome, at: Date.now() })
  }
  tell({ type: 'cast', label, room, at: Date.now() })
  open.add(label)
  try {
    const receipt = group![castOf[casts % castOf.length]!](label)
    receipt.stable.then(
      () => settle('stable'),
      (error) => settle(failure(error)),
    )
  } catch (error) {
    settle(failure(error))
  }
}

function failure(error: unknown): Outcome {
  // What was refused at the call has no fate: it was never accepted.
  if (error instanceof TuttiError) return `${error.code}:${error.fate ?? 'refused'}`
  fault(error)
  return 'internal:unknown'
}

function fault(error: unknown): void {
  tell({ type: 'fault', text: `${error}` })
}

/** All of a turn goes out together, at its end. */
function tell(what: Told): void {
  told++
  if (untold.push(what) === 1)
    queueMicrotask(() => window.told(JSON.stringify({ page: peer.id, lines: untold.splice(0) } satisfies Batch)))
}

/** Maps and sets as data. */
function plain(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value]
  if (value instanceof Set) return [...value]
  return value instanceof Uint8Array ? `${value.length} bytes` : value
}
