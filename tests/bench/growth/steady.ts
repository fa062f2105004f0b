import type { MessageId, PeerId } from '../../../peer/base/ids.ts'
import type { SimReceipt } from '../../../peer/simulator/application.ts'
import type { SimPeer } from '../../../peer/simulator/peer.ts'
import type { Random } from '../../../peer/simulator/random.ts'
import type { SimGroup } from './group.ts'
import { waitFor } from './group.ts'
import { countTraffic, isDataKind, messagesOf } from './traffic.ts'

export const PAYLOAD_BYTES = 100
/** Each member multicasts this often, at any size of the group. */
export const RATE_PER_SECOND = 20
/** How many multicasts answer something that their sender has delivered; the others answer nothing. */
const ANSWERS_SHARE = 0.5
const encoder = new TextEncoder()

export interface SteadyFigures {
  readonly multicasts: number
  /** At others than their senders. */
  readonly deliveries: number
  /** Bytes a multicast and destination beyond its payload: entries and the frames around them. */
  readonly metadataBytes: number
  /** The same with all other traffic of the group. */
  readonly allBytes: number
  readonly controlMessagesADelivery: number
  /** The most of its own multicasts that a sender had to keep at once. */
  readonly bufferedPeak: number
  /** Of all deliveries, those that waited after arrival. */
  readonly delayedShare: number
  /** Of all deliveries, those that waited though what they answer had been delivered. */
  readonly falselyDelayedShare: number
  /** How long those waited for nothing, on average. */
  readonly falseDelayMs: number
}

export interface SteadyOptions {
  /** Multicasts in one turn of a member's loop; with more, turns are rarer. */
  readonly atOnce: number
  readonly warmUpMs: number
  readonly forMs: number
}

/** Every member multicasts at a steady rate, CBCASTs of 100 bytes that say what they answer. */
export function runSteadily(group: SimGroup, { atOnce, warmUpMs, forMs }: SteadyOptions): SteadyFigures {
  const { world, members } = group
  const load = new Load(group, atOnce)
  world.run(warmUpMs)
  load.measure(forMs)
  const traffic = countTraffic(world)
  world.run(forMs)
  world.network.observer = undefined
  load.stop()
  waitFor(world, 'all is stable', () => load.isQuiet(), 10_000)
  load.take()
  const { multicasts, deliveries, delayed, falselyDelayed, falseDelaySumMs, bufferedPeak } = load
  const copies = multicasts * (members.length - 1)
  return {
    multicasts,
    deliveries,
    metadataBytes: traffic.dataBytes / copies - PAYLOAD_BYTES,
    allBytes: traffic.bytes / copies - PAYLOAD_BYTES,
    controlMessagesADelivery: messagesOf(traffic, (kind) => !isDataKind(kind)) / copies,
    bufferedPeak,
    delayedShare: delayed / deliveries,
    falselyDelayedShare: falselyDelayed / deliveries,
    falseDelayMs: falselyDelayed === 0 ? 0 : falseDelaySumMs / falselyDelayed,
  }
}

interface Multicast {
  readonly from: PeerId
  readonly sentAtMs: number
  readonly answers: Multicast | undefined
  /** Whether it was sent while it counts. */
  readonly isMeasured: boolean
  /** When each peer delivered it. */
  readonly deliveredAtMs: Map<PeerId, number>
}

interface Sender {
  readonly peer: SimPeer
  readonly random: Random
  /** What its next multicasts to be stamped answer, in order. */
  readonly declared: (Multicast | undefined)[]
  /** Its multicasts that are not known to be stable. */
  readonly unstable: SimReceipt[]
  lastDelivered: Multicast | undefined
}

/** The traffic that the members make, and what becomes of it, read from the trace. */
class Load {
  multicasts = 0
  deliveries = 0
  delayed = 0
  falselyDelayed = 0
  falseDelaySumMs = 0
  bufferedPeak = 0
  readonly #group: SimGroup
  readonly #atOnce: number
  readonly #periodMs: number
  readonly #senders: readonly Sender[]
  readonly #byMember: ReadonlyMap<string, Sender>
  readonly #sent = new Map<MessageId, Multicast>()
  #isRunning = true
  #measuredFromMs = Number.POSITIVE_INFINITY
  #measuredToMs = Number.POSITIVE_INFINITY

  constructor(group: SimGroup, atOnce: number) {
    this.#group = group
    this.#atOnce = atOnce
    this.#periodMs = (1_000 / RATE_PER_SECOND) * atOnce
    const { world, members } = group
    world.trace.length = 0
    this.#senders = members.map((peer) => ({
      peer,
      random: world.random(`load ${peer.id}`),
      declared: [],
      unstable: [],
      lastDelivered: undefined,
    }))
    this.#byMember = new Map(this.#senders.map((sender) => [sender.peer.self as string, sender]))
    for (const sender of this.#senders) {
      world.scheduler.after(sender.random.between(0, this.#periodMs), () => this.#beat(sender))
    }
  }

  /** What is multicast from now on counts. */
  measure(forMs: number): void {
    this.#measuredFromMs = this.#group.world.now
    this.#measuredToMs = this.#measuredFromMs + forMs
  }

  stop(): void {
    this.#isRunning = false
  }

  isQuiet(): boolean {
    return this.#senders.every(({ unstable }) => {
      while (unstable[0]?.stable) unstable.shift()
      return unstable.length === 0
    })
  }

  /** Reads what the trace has that is new. */
  take(): void {
    const { trace } = this.#group.world
    for (const event of trace) {
      if (event.event === 'multicast') this.#onStamped(event.peer, event.id, event.t)
      else if (event.event === 'deliver') this.#onDelivered(event.peer, event.id, event.t)
    }
    trace.length = 0
  }

  /** One turn of a member's loop. */
  #beat(sender: Sender): void {
    if (!this.#isRunning) return
    this.take()
    const { peer, random } = sender
    peer.process.handle(() => {
      for (let i = 0; i < this.#atOnce; i++) this.#multicast(sender)
    })
    this.#group.world.scheduler.after(random.between(0.75, 1.25) * this.#periodMs, () => this.#beat(sender))
  }

  #multicast({ peer, random, declared, unstable, lastDelivered }: Sender): void {
    const answers = random.chance(ANSWERS_SHARE) ? lastDelivered : undefined
    const payload = new Uint8Array(PAYLOAD_BYTES)
    const receipt = peer.application.receipt('causal', payload)
    const said = answers === undefined ? '' : ` answers ${answers.from} at ${answers.sentAtMs}`
    encoder.encodeInto(`${peer.id} ${receipt.ref}${said}`, payload)
    declared.push(answers)
    peer.input({ type: 'multicast', ref: receipt.ref, kind: 'causal', payload })
    unstable.push(receipt)
    while (unstable[0]?.stable) unstable.shift()
    if (this.#group.world.now < this.#measuredFromMs) return
    this.bufferedPeak = Math.max(this.bufferedPeak, unstable.length)
  }

  #onStamped(member: string, id: MessageId, sentAtMs: number): void {
    const { peer, declared } = this.#byMember.get(member)!
    const isMeasured = sentAtMs > this.#measuredFromMs && sentAtMs <= this.#measuredToMs
    if (isMeasured) this.multicasts++
    this.#sent.set(id, { from: peer.id, sentAtMs, answers: declared.shift(), isMeasured, deliveredAtMs: new Map() })
  }

  #onDelivered(member: string, id: MessageId, atMs: number): void {
    const sender = this.#byMember.get(member)!
    const { id: at } = sender.peer
    const multicast = this.#sent.get(id)!
    multicast.deliveredAtMs.set(at, atMs)
    if (multicast.from === at) return
    sender.lastDelivered = multicast
    if (!multicast.isMeasured) return
    this.deliveries++
    const arrivedAtMs = arrival(multicast.sentAtMs + this.#group.delayMs(multicast.from, at))
    if (atMs > arrivedAtMs) this.delayed++
    // What it answers may have been sent by the one that delivers it: then it is there already.
    const answeredAtMs = multicast.answers?.deliveredAtMs.get(at) ?? 0
    const waitedMs = atMs - Math.max(arrivedAtMs, answeredAtMs)
    if (waitedMs <= 0) return
    this.falselyDelayed++
    this.falseDelaySumMs += waitedMs
  }
}

/** Virtual time goes in eighths of a millisecond. */
function arrival(atMs: number): number {
  return Math.ceil(atMs * 8) / 8
}
