import { TuttiError } from '../base/errors.ts'
import { isMemberId, isName, type MemberId, type PeerId, peerOf } from '../base/ids.ts'
import type { RuntimeOption } from '../client/connections.ts'
import type { LocalRuntimeOptions } from '../client/local-runtime.ts'
import { realClock } from '../runtime/clock.ts'
import { createWebrtcTransport } from '../transport/webrtc.ts'
import { FaultyRuntime } from './faulty-runtime.ts'
import type { LaneFault } from './lane.ts'

export interface FaultsOptions {
  /**
   * How long a link that is cut lasts before both its ends see that it broke, in ms. Default 15,000, which is what browsers
   * take over a wire that is severed.
   */
  readonly brokenAfterMs?: number | undefined
  /** A WebRTC implementation, for Node: what `connect` takes as `wrtc`, which it does not take together with a runtime. */
  readonly wrtc?: unknown
}

/** Another peer: a member, as views show it, or its peer id. */
export type Whom = PeerId | { readonly id: MemberId }

/** What is wrong with the way to one peer. */
export interface PeerFault {
  readonly peer: PeerId
  readonly cut: boolean
  /** How much longer each frame takes, each way. */
  readonly delayMs: number
}

/**
 * Faults that this peer is to suffer. Cuts and delays strike its links only: what the signaling server and a witness in it are
 * told passes. All members see what they would see of the real fault; none of the others needs to know of this.
 */
export interface Faults {
  /** For `connect({ runtime })`. Of one who connects with it again, after a crash, say, the links have the same faults. */
  readonly runtime: RuntimeOption
  /** What is wrong now. */
  readonly list: readonly PeerFault[]
  /**
   * Severs the way to a peer: nothing passes, in neither direction, and no new link comes up. What is sent meanwhile waits
   * at both ends, as it does in a network; mended within `brokenAfterMs` it arrives and nothing is lost. After that the
   * link breaks, and what waited in it is lost. The group goes on by way of other members as soon as it misses an answer.
   * Throws a TuttiError `invalid-option` for what is no peer, or this peer itself.
   */
  cut(whom: Whom): void
  /**
   * Has each frame to and from a peer take so much longer, in ms, at most 60,000: a round trip takes twice that. Frames
   * keep their order. 0 ends it. Throws a TuttiError `invalid-option`.
   */
  delay(whom: Whom, delayMs: number): void
  /** Takes back what was done to the way to a peer. Throws a TuttiError `invalid-option`. */
  mend(whom: Whom): void
  /** Takes back every cut and every delay. */
  mendAll(): void
  /**
   * Stops this peer at once and for good, as if its process had been killed: its links, and its connection to the signaling
   * server, break without a goodbye, its engines take no further step, and what waited to be sent is lost. Its groups are `left`, and the peer is closed with
   * an 'error' event. Does nothing where no peer runs.
   */
  crash(): void
}

const DELAY_MAX_MS = 60_000
const BROKEN_AFTER_MS = 15_000
const NO_FAULT: LaneFault = { cut: false, delayMs: 0 }

/**
 * Faults to try an application under: `const faults = createFaults(); connect({ signaling, runtime: faults.runtime })`.
 * Links and engines run in this thread, as they do without. Throws a TuttiError `invalid-option`.
 */
export function createFaults({ brokenAfterMs = BROKEN_AFTER_MS, wrtc }: FaultsOptions = {}): Faults {
  expect(isTime(brokenAfterMs, 2_000_000_000), 'brokenAfterMs is to be a time in ms, of at most 2,000,000,000')
  return new FaultInjection((faultOf, ended) => {
    const transport: LocalRuntimeOptions['transport'] = (wiring) => createWebrtcTransport({ ...wiring, wrtc })
    return new FaultyRuntime({ clock: realClock, transport, brokenAfterMs, faultOf, ended })
  })
}

/** Makes a runtime whose links suffer what `faultOf` says. */
export type MakeRuntime = (faultOf: (peer: PeerId) => LaneFault, ended: () => void) => FaultyRuntime

export class FaultInjection implements Faults {
  readonly runtime: RuntimeOption
  readonly #faults = new Map<PeerId, LaneFault>()
  readonly #running = new Set<FaultyRuntime>()

  constructor(make: MakeRuntime) {
    const faultOf = (peer: PeerId): LaneFault => this.#faults.get(peer) ?? NO_FAULT
    this.runtime = {
      start: () => {
        const runtime = make(faultOf, () => this.#running.delete(runtime))
        this.#running.add(runtime)
        return runtime
      },
    }
  }

  get list(): readonly PeerFault[] {
    return [...this.#faults].map(([peer, fault]) => ({ peer, ...fault }))
  }

  cut(whom: Whom): void {
    this.#set(this.#peerOf(whom), { cut: true })
  }

  delay(whom: Whom, delayMs: number): void {
    expect(isTime(delayMs, DELAY_MAX_MS), `a delay is to be a time in ms, of at most ${DELAY_MAX_MS}`)
    this.#set(this.#peerOf(whom), { delayMs })
  }

  mend(whom: Whom): void {
    this.#set(this.#peerOf(whom), NO_FAULT)
  }

  mendAll(): void {
    for (const peer of [...this.#faults.keys()]) this.#set(peer, NO_FAULT)
  }

  crash(): void {
    for (const runtime of [...this.#running]) {
      this.#running.delete(runtime)
      runtime.crash()
    }
  }

  #set(peer: PeerId, change: Partial<LaneFault>): void {
    const fault = { ...(this.#faults.get(peer) ?? NO_FAULT), ...change }
    if (fault.cut || fault.delayMs > 0) this.#faults.set(peer, fault)
    else this.#faults.delete(peer)
    for (const runtime of this.#running) runtime.changed(peer)
  }

  #peerOf(whom: Whom): PeerId {
    const peer = asPeer(whom)
    expect(peer !== undefined, 'a fault strikes a peer: give a member of a view, or a peer id')
    for (const { self } of this.#running) {
      expect(self !== peer, 'a fault strikes the way to another peer, and this is the peer itself')
    }
    return peer!
  }
}

function asPeer(whom: unknown): PeerId | undefined {
  if (typeof whom === 'string') return isName(whom) ? (whom as PeerId) : undefined
  const id = (whom as { id?: unknown } | null | undefined)?.id
  return typeof id === 'string' && isMemberId(id) ? peerOf(id) : undefined
}

function isTime(value: unknown, maxMs: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= maxMs
}

function expect(right: boolean, message: string): void {
  if (!right) throw new TuttiError('invalid-option', message)
}
