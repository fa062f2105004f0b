import type { CastKind } from '../base/cast-kind.ts'
import type { Fate } from '../base/errors.ts'
import type { MemberId, MessageId } from '../base/ids.ts'
import type { EndReason } from '../engine/io.ts'
import type { MembershipOutput } from '../runtime/membership.ts'
import { Reader, Writer } from '../wire/bytes.ts'
import type { Payloads } from './payloads.ts'
import { ProgressWatch } from './progress-watch.ts'

/** What became of one multicast, as its sender was told. */
export interface SimReceipt {
  readonly ref: number
  readonly kind: CastKind
  readonly payload: Uint8Array
  id: MessageId | undefined
  delivered: boolean
  stable: boolean
  fate: Fate | undefined
  /** Taken back; certain only while it has no id. */
  cancelled: boolean
}

/** What all applications of a run share: who sent what, and what broke. */
export interface Ledger {
  readonly payloads: Payloads
  /** Whether a multicast is a repetition by the runtime, and no call of the application. */
  isReplay(id: MessageId): boolean
  /** How many values a member has taken back of which parts were sent. */
  withdrawn(sender: MemberId): number
  violation(rule: string, evidence: string): void
}

/**
 * The replicated application: its state is the set of ids delivered and the list of the totals among them. Checks what
 * a trace cannot show: the bytes delivered, and that receipts settle once.
 */
export class Application {
  readonly #ledger: Ledger
  readonly #progress: ProgressWatch
  readonly #ids = new Set<MessageId>()
  #totals: MessageId[] = []
  #receipts = new Map<number, SimReceipt>()
  #lastRef = 0
  /** Whether the state is this group's: founded or loaded. */
  hasState = false

  constructor(ledger: Ledger) {
    this.#ledger = ledger
    this.#progress = new ProgressWatch(
      (evidence) => ledger.violation('FL3', evidence),
      (sender) => ledger.withdrawn(sender),
    )
  }

  get delivered(): number {
    return this.#ids.size
  }

  /** All that its state consists of. */
  get ids(): ReadonlySet<MessageId> {
    return this.#ids
  }

  receipt(kind: CastKind, payload: Uint8Array): SimReceipt {
    const ref = ++this.#lastRef
    const receipt: SimReceipt = {
      ref,
      kind,
      payload,
      id: undefined,
      delivered: false,
      stable: false,
      fate: undefined,
      cancelled: false,
    }
    this.#receipts.set(ref, receipt)
    return receipt
  }

  /** Receipts of the present attempt that have not come to their end. */
  unsettled(): SimReceipt[] {
    return [...this.#receipts.values()].filter((receipt) => !isSettled(receipt))
  }

  /** Takes an output that concerns multicasts; others are ignored. */
  take(output: MembershipOutput, self: MemberId): void {
    this.#progress.take(output, self)
    switch (output.type) {
      case 'stamped':
        return this.#stamped(output, self)
      case 'deliver':
        return this.#deliver(output, self)
      case 'stable':
        return this.#stable(output.ref, self)
      case 'fate':
        return this.#fate(output, self)
      case 'ended':
        return this.#ended(output.reason, self)
      default:
    }
  }

  /** The state, in its one canonical encoding, padded with zeros up to `paddedBytes`. */
  save(paddedBytes = 0): Uint8Array {
    const writer = new Writer(64)
    writer.list([...this.#ids].sort(), (id) => writer.text(id))
    writer.list(this.#totals, (id) => writer.text(id))
    if (writer.length < paddedBytes) writer.raw(new Uint8Array(paddedBytes - writer.length))
    return writer.finish()
  }

  /** The state that has all of this and all of another. */
  saveWith(other: Uint8Array): Uint8Array {
    const both = new Application(this.#ledger)
    both.load(this.save())
    const { ids, totals } = readState(other)
    for (const id of ids) both.#ids.add(id)
    both.#totals.push(...totals.filter((id) => !both.#totals.includes(id)))
    return both.save()
  }

  load(state: Uint8Array): void {
    const { ids, totals } = readState(state)
    this.#ids.clear()
    for (const id of ids) this.#ids.add(id)
    this.#totals = totals
    this.hasState = true
  }

  #stamped({ ref, id }: Extract<MembershipOutput, { type: 'stamped' }>, self: MemberId): void {
    const receipt = this.#receipts.get(ref)
    if (receipt === undefined || receipt.id !== undefined) {
      this.#ledger.violation('RC1', `${self} stamped ref ${ref} as ${id}, which it never asked for, or a second time`)
      return
    }
    receipt.id = id
    this.#ledger.payloads.sent(id, receipt.payload, self)
  }

  #deliver(output: Extract<MembershipOutput, { type: 'deliver' }>, self: MemberId): void {
    const { id, payload, ref } = output
    this.#ledger.payloads.delivered(id, payload, self)
    this.#ids.add(id)
    if (output.kind === 'total') this.#totals.push(id)
    const own = output.from.id === self && output.purpose === 'message'
    const isAsked = own && !this.#ledger.isReplay(id)
    if (isAsked !== (ref !== undefined)) this.#ledger.violation('RC1', `${self} delivered ${id} with ref ${ref}`)
    if (ref === undefined) return
    const receipt = this.#receipts.get(ref)
    if (receipt === undefined || receipt.delivered || receipt.id !== id) {
      this.#ledger.violation(
        'RC1',
        `${self} delivered ${id} under ref ${ref}, which is not its receipt or had been settled`,
      )
    } else receipt.delivered = true
  }

  #stable(ref: number, self: MemberId): void {
    const receipt = this.#receipts.get(ref)
    if (receipt === undefined || receipt.stable || receipt.fate !== undefined) {
      this.#ledger.violation('RC1', `${self} was told a second time, or wrongly, that ref ${ref} is stable`)
    } else receipt.stable = true
  }

  #fate({ ref, id, fate }: Extract<MembershipOutput, { type: 'fate' }>, self: MemberId): void {
    const receipt = this.#receipts.get(ref)
    if (receipt === undefined || receipt.fate !== undefined || receipt.stable || receipt.id !== id) {
      this.#ledger.violation('RC1', `${self} was told a second time, or wrongly, that ref ${ref} (${id}) is ${fate}`)
    } else receipt.fate = fate
    if (id === undefined && fate !== 'not-sent') {
      this.#ledger.violation('RC1', `${self}: ref ${ref} was never stamped, yet its fate is ${fate}`)
    }
  }

  /** A page that closes tells its application nothing more; every other end settles all receipts first. */
  #ended(reason: EndReason, self: MemberId): void {
    if (reason !== 'closed') {
      for (const receipt of this.unsettled()) {
        if (isCarriedOver(receipt, reason)) continue
        this.#ledger.violation('RC1', `${self} ended (${reason}) and left a receipt open: ${describeReceipt(receipt)}`)
      }
    }
    this.#receipts = new Map([...this.#receipts].filter(([, receipt]) => isCarriedOver(receipt, reason)))
    this.hasState = false
  }
}

function readState(state: Uint8Array): { readonly ids: MessageId[]; readonly totals: MessageId[] } {
  const reader = new Reader(state)
  const list = () => reader.list(() => reader.text() as MessageId)
  return { ids: list(), totals: list() }
}

/** What had no place in a lineage that is over is sent in the next. */
function isCarriedOver({ id, fate, cancelled }: SimReceipt, reason: EndReason): boolean {
  return reason === 'merged' && id === undefined && fate === undefined && !cancelled
}

/** The part of a saved state that says something. */
export function withoutPadding(state: Uint8Array): Uint8Array {
  const reader = new Reader(state)
  for (const _list of ['ids', 'totals']) reader.list(() => reader.bytes())
  return state.subarray(0, state.length - reader.rest().length)
}

export function describeReceipt({ ref, kind, id, delivered, stable, fate }: SimReceipt): string {
  return `ref ${ref} (${kind}, ${id ?? 'not stamped'}, ${delivered ? 'delivered' : 'not delivered'}, ${stable ? 'stable' : (fate ?? 'not stable')})`
}

function isSettled(receipt: SimReceipt): boolean {
  if (receipt.fate !== undefined) return true
  if (receipt.cancelled && receipt.id === undefined) return true
  return receipt.delivered && receipt.stable
}
