import { type CastKind, connect, type Group, type TraceEvent } from '../../../peer/index.ts'
import { parseLabel, Record, type Said, type SavedRecord } from './record.ts'
import { runtimeAsked } from './runtime-asked.ts'

// A page that joins the group its address names as soon as it is loaded, and does there what a test asks for.

const asked = new URLSearchParams(location.search)
const lines: TraceEvent[] = []
const record = new Record()
const failures: string[] = []
let traced = 0
const kinds = ['causal', 'total', 'fifo'] as const
const castOf = { causal: 'cbcast', total: 'abcast', fifo: 'fbcast' } as const
let group: Group<Said, SavedRecord> | undefined
let casts = 0
let loadTimer: ReturnType<typeof setInterval> | undefined

const peer = connect({ signaling: asked.get('signaling')!, name: asked.get('name')!, trace, ...runtimeAsked() })

const member = {
  peer,
  /** Resolves when this page is a member. */
  joined: join(asked.get('room')!),
  get group() {
    return group!
  },

  /** Multicasts `count` messages of all kinds in turn. */
  async burst(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      await sayNth(n)
      if (n % kinds.length === 0) await new Promise((resolve) => setTimeout(resolve))
    }
  },

  /** Multicasts one message every `intervalMs`, of all kinds in turn, until `stopLoad`. */
  startLoad(intervalMs: number): void {
    let n = 0
    loadTimer = setInterval(() => void sayNth(n++), intervalMs)
  },
  stopLoad: () => clearInterval(loadTimer),

  /** Keeps the page's main thread busy for so long. */
  hang(durationMs: number): void {
    const end = performance.now() + durationMs
    while (performance.now() < end);
  },

  report: () => ({
    peer: peer.id as string,
    casts,
    /** Lines of its trace so far. */
    traced,
    heard: Object.fromEntries(record.heard),
    totals: record.totals,
    faults: [...record.faults, ...failures],
  }),
}

declare global {
  interface Window {
    member: typeof member
    /** Takes lines of the trace, as JSON. */
    traced(lines: string): void
  }
}

window.member = member

async function join(room: string): Promise<void> {
  const joined = await peer.join<Said, SavedRecord>(room, {
    state: { save: () => record.save(), load: (saved) => record.load(saved) },
  })
  group = joined
  group.addEventListener('message', ({ kind, value }) => {
    record.apply({ kind, value })
    const { peer: sender, n } = parseLabel(value.label)
    if (value.asks && sender !== peer.id) void say(kinds[n % kinds.length]!, { answers: value.label })
  })
  group.addEventListener('error', ({ error }) => failures.push(`${error}`))
}

/** Every tenth is a question. */
function sayNth(n: number): Promise<void> {
  return say(kinds[n % kinds.length]!, n % 10 === 0 ? { asks: true } : {})
}

/** Settles when it is delivered here, or has failed. */
async function say(kind: CastKind, about: Pick<Said, 'asks' | 'answers'>): Promise<void> {
  const label = `${peer.id}/${++casts}`
  try {
    await group![castOf[kind]]({ label, ...about })
  } catch (error) {
    failures.push(`${label}: ${error}`)
  }
}

/** All lines of a turn go out together, at its end. */
function trace(event: TraceEvent): void {
  traced++
  if (lines.push(event) === 1) queueMicrotask(() => window.traced(JSON.stringify(lines.splice(0))))
}
