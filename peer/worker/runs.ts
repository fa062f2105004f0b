import type { CastKind, CastPurpose } from '../base/cast-kind.ts'
import { type MemberId, type MessageId, messagePrefix } from '../base/ids.ts'
import type { ViewRecord } from '../base/view.ts'
import type { PortOutput } from '../client/membership-port.ts'
import type { Input } from '../engine/io.ts'
import { Reader, Writer } from '../wire/bytes.ts'

/**
 * Many small things, written one after the other into one buffer, which is handed over: to copy them as objects takes
 * about twenty times as long.
 */
export type Run = Uint8Array<ArrayBuffer>

/** What is larger goes by itself. */
export const RUN_PAYLOAD_MAX = 64 * 1024

export type Multicast = Extract<Input, { type: 'multicast' }>
export type Delivery = Extract<PortOutput, { type: 'deliver' }>
/** What a group is told most often. */
export type FrequentOutput = Extract<PortOutput, { type: 'deliver' | 'stamped' | 'stable' }>

const KINDS: readonly CastKind[] = ['fifo', 'causal', 'total']
const PURPOSES: readonly CastPurpose[] = ['message', 'pause', 'state', 'resume']
const [DELIVER, STAMPED, STABLE] = [0, 1, 2]

/** Places of the fields in a delivery's first byte, whose lowest bits say that it is one. */
const KIND_SHIFT = 2
const PURPOSE_SHIFT = 4
const HAS_REF = 0x40
const HAS_ORDER = 0x80
const BULK = 4

export class OutputRun {
  readonly #writer = new Writer(4 * 1024)

  get bytes(): number {
    return this.#writer.length
  }

  /** `rank`: of its sender, in the view in which it is delivered. */
  deliver({ id, kind, purpose, ref, order, payload }: Delivery, rank: number): void {
    const fields = (KINDS.indexOf(kind) << KIND_SHIFT) | (PURPOSES.indexOf(purpose) << PURPOSE_SHIFT)
    const present = (ref === undefined ? 0 : HAS_REF) | (order === undefined ? 0 : HAS_ORDER)
    this.#writer.byte(DELIVER | fields | present).varint(rank)
    this.#writer.varint(Number(id.slice(id.lastIndexOf('/') + 1)))
    if (ref !== undefined) this.#writer.varint(ref)
    if (order !== undefined) this.#writer.varint(order)
    this.#writer.bytes(payload)
  }

  tell(type: 'stamped' | 'stable', ref: number): void {
    this.#writer.byte(type === 'stamped' ? STAMPED : STABLE).varint(ref)
  }

  finish(): Run {
    return this.#writer.finish() as Run
  }
}

/** Gives back, in order, what was written. `view`: the one that deliveries are in. */
export function readOutputs(run: Run, view: ViewRecord | undefined, take: (output: FrequentOutput) => void): void {
  const reader = new Reader(run)
  const prefixes = view?.members.map(({ id }) => messagePrefix(view.lineage, view.number, id)) ?? []
  while (!reader.done) {
    const head = reader.byte()
    const type = head & 3
    if (type === DELIVER) take(readDelivery(reader, head, view!, prefixes))
    else take({ type: type === STAMPED ? 'stamped' : 'stable', ref: reader.varint() })
  }
}

function readDelivery(reader: Reader, head: number, view: ViewRecord, prefixes: readonly string[]): Delivery {
  const rank = reader.varint()
  return {
    type: 'deliver',
    id: `${prefixes[rank]!}${reader.varint()}` as MessageId,
    kind: KINDS[(head >> KIND_SHIFT) & 3]!,
    purpose: PURPOSES[(head >> PURPOSE_SHIFT) & 3]!,
    from: view.members[rank]!,
    ref: (head & HAS_REF) === 0 ? undefined : reader.varint(),
    order: (head & HAS_ORDER) === 0 ? undefined : reader.varint(),
    payload: reader.bytes(),
  }
}

/** Multicasts of one attempt. */
export class MulticastRun {
  /** The attempt that the page knew of. */
  readonly self: MemberId
  readonly #writer = new Writer(4 * 1024)

  constructor(self: MemberId) {
    this.self = self
  }

  add({ ref, kind, payload, isBulk }: Multicast): void {
    this.#writer.byte(KINDS.indexOf(kind) | (isBulk === true ? BULK : 0)).varint(ref)
    this.#writer.bytes(payload)
  }

  finish(): Run {
    return this.#writer.finish() as Run
  }
}

export function readMulticasts(run: Run): Multicast[] {
  const reader = new Reader(run)
  const multicasts: Multicast[] = []
  while (!reader.done) {
    const head = reader.byte()
    const [kind, isBulk] = [KINDS[head & 3]!, (head & BULK) !== 0]
    multicasts.push({ type: 'multicast', ref: reader.varint(), kind, payload: reader.bytes(), isBulk })
  }
  return multicasts
}
