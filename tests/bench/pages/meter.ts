import { defer } from '../support/deferred.ts'
/** What a page measures: one way to send to all other tabs of its room. */
export interface Medium {
  /** Resolves when all other tabs can be reached. */
  join(): Promise<void>
  /** From now on something is heard here. Not called in a tab that only sends: others hand a sender nothing of its own. */
  listen?(): void
  /** Sends so many messages, each a copy of `message`, as fast as the other side and the library allow. */
  burst?(count: number, message: Uint8Array): Promise<void>
  /** Sends one message. */
  say?(message: Uint8Array): void
  /** Sends so many bytes in the way that suits the medium best. */
  bulk?(bytes: number): Promise<void>
  /** Its place among the members, where there is one. */
  rank?(): number
  /** For whoever wants to know what went wrong. */
  standing?(): string
}

/** Of every small message, in bytes. */
const MESSAGE_BYTES = 100
/** Between one answer and the next question. */
const PAUSE_MS = 2
/** How long a busy page works in one piece, and what is left until the next. */
const BUSY_MS = 100
const IDLE_MS = 10
const PLAIN = 0
const ASK = 1
const ANSWER = 2

/** Name of the room, how many tabs it has, the place of this tab among them, and whatever else the page is told. */
export const asked = new URLSearchParams(location.search)
export const room = asked.get('room')!
export const tabs = Number(asked.get('tabs'))
export const place = Number(asked.get('place'))

/** In ms since 1970: the same clock in all tabs. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now()
}

let bytesHeard = 0
let bytesExpected = Number.POSITIVE_INFINITY
let reached = defer<number>()
let medium: Medium
let isEcho = false
let isListening = false
let answered = (): void => {}
let ownDelivered = (): void => {}

/** The page calls this for each message of another tab, where an application would take it. */
export function heard(message: Uint8Array): void {
  bytesHeard += message.length
  const kind = message[0]
  if (kind === ASK && isEcho) medium.say!(filled(ANSWER))
  if (kind === ANSWER) answered()
  if (bytesHeard >= bytesExpected) reached.resolve(wallMs())
}

/** The page calls this for each message of its own that it is handed. */
export function heardOwn(): void {
  ownDelivered()
}

const bench = {
  join: (): Promise<void> => medium.join(),
  rank: (): number => medium.rank!(),

  /** From now on, so many bytes are to come. */
  expect(bytes: number): void {
    bytesHeard = 0
    bytesExpected = bytes
    reached = defer<number>()
    if (bytes === 0) reached.resolve(0)
    else listen()
  },
  expectMessages: (count: number): void => bench.expect(count * MESSAGE_BYTES),
  heardBytes: (): number => bytesHeard,
  /** When all of it had come. */
  reached: (): Promise<number> => reached.promise,
  /** For whoever wants to know what went wrong. */
  standing: (): string => `${bytesHeard} of ${bytesExpected} bytes heard; ${medium.standing?.() ?? ''}`,

  /** Sends from `atMs` on. Resolves to when that was. */
  async burst(count: number, atMs: number): Promise<number> {
    await until(atMs)
    const start = wallMs()
    await medium.burst!(count, filled(PLAIN))
    return start
  },
  async bulk(bytes: number): Promise<number> {
    const start = wallMs()
    await medium.bulk!(bytes)
    return start
  },

  /** From now on, this page's main thread is busy most of the time, as one is that draws and computes. */
  beBusy(): void {
    const work = (): void => {
      const end = performance.now() + BUSY_MS
      while (performance.now() < end);
    }
    setInterval(work, BUSY_MS + IDLE_MS)
  },
  /** From now on, answers what asks. */
  echo(): void {
    isEcho = true
    listen()
  },
  /** One question after the other to the one tab that answers; each time in ms. */
  roundTrips: (count: number): Promise<number[]> =>
    times(count, () => new Promise((resolve) => (answered = resolve)), ASK),
  /** From the call until this tab hears its own message, one after the other; each time in ms. */
  ownDeliveries: (count: number, pauseMs = PAUSE_MS): Promise<number[]> =>
    times(count, () => new Promise((resolve) => (ownDelivered = resolve)), PLAIN, pauseMs),
}

declare global {
  interface Window {
    bench: typeof bench
  }
}

/** Offers a medium to whoever drives the page. */
export function measure(measured: Medium): void {
  medium = measured
  window.bench = bench
}

/** Once, before the first is to be heard. */
function listen(): void {
  if (!isListening) medium.listen?.()
  isListening = true
}

/** What is said may be heard before `say` returns, so that the ear comes first. Channels are idle before each. */
async function times(count: number, ear: () => Promise<void>, kind: number, pauseMs = PAUSE_MS): Promise<number[]> {
  listen()
  const taken: number[] = []
  for (let n = 0; n < count; n++) {
    const hears = ear()
    const start = performance.now()
    medium.say!(filled(kind))
    await hears
    taken.push(performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return taken
}

function filled(kind: number): Uint8Array {
  const message = new Uint8Array(MESSAGE_BYTES)
  message[0] = kind
  return message
}

function until(atMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - wallMs())))
}
