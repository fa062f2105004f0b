import { connect, DEFAULT_CONFIG, type Group } from '../../../peer/index.ts'
import { historyOf } from './history.ts'
import { asked, measure, place, room, wallMs } from './meter.ts'

// A member of a group under load: small messages at a steady rate, a stream, and a state for those who come later.

const MESSAGE_BYTES = 100
const CLOCK_MS = 4
/** A page that hears nothing for so long, and then something, was stopped. */
const STOPPED_MS = 5_000

/** How long a message of the member at `from` took to get here. */
export interface Latency {
  readonly from: number
  readonly ms: number
}

let group: Group<Uint8Array, Uint8Array>
let history: readonly string[] = ['no member yet']
let views = 0
let gave = false
let heard = 0
let bytesHeard = 0
let lastHeardMs = 0
let heardBeforePause = 0
let sent = 0
let latencies: Latency[] | undefined
let loadTimer: ReturnType<typeof setInterval> | undefined
const saved = new Uint8Array(Number(asked.get('stateBytes') ?? 0))
const faults: string[] = []

measure({
  async join() {
    const peer = connect({ signaling: asked.get('signaling')! })
    group = await peer.join<Uint8Array, Uint8Array>(room, { state: { save: () => saved, load: checkState } })
    history = historyOf(group)
    group.addEventListener('message', ({ value, from }) => take(value, from.id === group.self.id))
    group.addEventListener('view', () => views++)
    group.addEventListener('error', ({ error }) => faults.push(`${error}`))
    group.addEventListener('state', () => {
      gave = true
    })
  },
  standing: () => `${heard} heard, ${sent} sent; ${history.join('; ')}`,
})

const load = {
  /** Resolves when so many are members, as seen here. */
  async together(members: number): Promise<void> {
    while (group.view.members.length !== members) await new Promise((resolve) => setTimeout(resolve, 5))
  },

  /** Multicasts so many messages a second until `stop`, late ones together. */
  start(perSecond: number): void {
    const start = performance.now()
    const before = sent
    loadTimer = setInterval(() => {
      const due = before + ((performance.now() - start) * perSecond) / 1_000
      while (sent < due) group.cbcast(stamped(MESSAGE_BYTES))
    }, CLOCK_MS)
  },
  stop: (): void => clearInterval(loadTimer),

  /** What was heard of others since it was asked last, and whether it gave state; nothing is kept before the first time. */
  takeHeard(): { latencies: readonly Latency[]; gave: boolean } {
    const taken = { latencies: latencies ?? [], gave }
    latencies = []
    gave = false
    return taken
  },

  /** Multicasts a stream of so many messages of `bytes` each, with the backpressure of a WritableStream. */
  async stream(count: number, bytes: number): Promise<void> {
    const writer = group.writable('cbcast').getWriter()
    for (let n = 0; n < count; n++) await writer.write(stamped(bytes))
    await writer.close()
  },

  /** Resolves when so many messages of others came, in all. */
  async heardSoMany(messages: number): Promise<void> {
    while (heard < messages) await new Promise((resolve) => setTimeout(resolve, 5))
  },

  standing: () => ({
    heard,
    bytesHeard,
    lastHeardMs,
    heardBeforePause,
    sent,
    views,
    faults,
    windowBytes: DEFAULT_CONFIG.windowBytes,
  }),
}

declare global {
  interface Window {
    load: typeof load
  }
}

window.load = load

/** When it was sent, by whom, and the how manieth it is. */
function stamped(bytes: number): Uint8Array {
  const message = new Uint8Array(bytes)
  const view = new DataView(message.buffer)
  view.setFloat64(0, wallMs())
  view.setUint8(8, place)
  view.setUint32(9, sent++)
  return message
}

const next = new Map<number, number>()

function take(message: Uint8Array, isOwn: boolean): void {
  if (isOwn) return
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  const from = view.getUint8(8)
  const number = view.getUint32(9)
  const nowMs = wallMs()
  if (nowMs - lastHeardMs > STOPPED_MS) heardBeforePause = heard
  lastHeardMs = nowMs
  latencies?.push({ from, ms: lastHeardMs - view.getFloat64(0) })
  heard++
  bytesHeard += message.length
  const expected = next.get(from)
  if (expected !== undefined && number !== expected) faults.push(`of ${from} came ${number}, not ${expected}`)
  next.set(from, number + 1)
}

function checkState(state: Uint8Array): void {
  if (state.length !== saved.length) faults.push(`the state has ${state.length} bytes, not ${saved.length}`)
}
