import { againOf, forkOf, type Place, strayOf } from '../base/ancestry.ts'
import { type Lineage, type MemberId, type MessageId, peerOf } from '../base/ids.ts'
import type { Input } from '../engine/io.ts'
import type { FateRecord } from '../wire/messages.ts'
import type { GroupOutput } from './group-runtime.ts'
import { type Entered, History, isPartOf, type Origin } from './history.ts'
import type { MembershipOptions, MembershipOutput, MergedOutput } from './membership.ts'
import type { MergedTrace } from './trace.ts'

type Delivery = Extract<GroupOutput, { type: 'deliver' }>
type Dissolved = Extract<GroupOutput, { type: 'dissolved' }>
type Unsent = Extract<GroupOutput, { type: 'unsent' }>

/**
 * What a membership carries from a lineage that is over into the one that is joined (PT4): multicasts to be sent again, and
 * those that were never sent. References of replays are negative: the application does not know of them.
 */
export class Merging {
  readonly #options: MembershipOptions
  readonly #input: (input: Input) => void
  readonly #fates: () => readonly FateRecord[]
  readonly #history: History
  readonly #replays = new Map<number, Origin>()
  #lastReplay = 0
  /** Replays that the present attempt was given. */
  readonly #queued = new Set<number>()
  /** The view that this attempt is in. */
  #entered: Standing | undefined
  /** It has that lineage's state, so that its history is this member's. */
  #isSettled = false
  /** The last view in which it had the state of its lineage, and its rank there. */
  #settledIn: Standing | undefined
  /** Fates that were known there in the end. */
  #lastFates: readonly FateRecord[] = []
  readonly #unsent: Unsent[] = []
  /** Taken back before it came here. */
  readonly #withdrawn = new Set<number>()
  /** The last merge. */
  merged: MergedTrace | undefined
  /** The lineage to found if the other cannot be joined in time; undefined: this member is in no merge. */
  #child: Lineage | undefined
  #childAfterMs = 0
  #cancelChild: () => void = () => {}

  constructor(options: MembershipOptions, input: (input: Input) => void, fates: () => readonly FateRecord[]) {
    this.#options = options
    this.#input = input
    this.#fates = fates
    this.#history = new History(options.config.replayBytesMax)
  }

  /** Of which multicast the one under that reference is a repetition. */
  replayOf(ref: number): MessageId | undefined {
    return this.#replays.get(ref)?.past.id
  }

  /**
   * As what this peer founds the group, asked to by the server, which knows of nobody in a lineage: one that was in one before,
   * and founds with the state that it has, goes on from there.
   */
  foundAs(lineage: Lineage): { readonly lineage: Lineage; readonly fates: readonly FateRecord[] } {
    const last = this.#settledIn
    if (last === undefined) return { lineage, fates: [] }
    return { lineage: againOf(last.lineage, last.number, last.rank), fates: this.#lastFates }
  }

  /** A new attempt has begun: what is to be sent is queued there. */
  begin(): void {
    this.#entered = undefined
    this.#isSettled = false
    this.#queued.clear()
    this.#withdrawn.clear()
    this.merged = undefined
    const { clock } = this.#options
    const lineage = this.#child
    if (lineage === undefined) return
    const found = (): void => this.#input({ type: 'found', lineage, fates: this.#lastFates })
    this.#cancelChild = clock.at(clock.now() + this.#childAfterMs, found)
  }

  /** No attempt follows, or not now: nothing is founded any more. */
  stop(): void {
    this.#cancelChild()
  }

  /** Takes an output of the engine, and gives what the application is to be told. */
  take(output: Exclude<GroupOutput, Delivery>, self: MemberId): MembershipOutput[] {
    switch (output.type) {
      case 'install':
        return this.#installed(output, self)
      case 'load':
        return [...this.#settle(self), output]
      case 'stamped':
        return isReplay(output.ref) ? [] : [output]
      case 'stable':
        this.#replays.delete(output.ref)
        return isReplay(output.ref) ? [] : [output]
      case 'fate':
        if (output.fate !== 'in-cut' && output.id !== undefined) this.#forget(output.id)
        if (!isReplay(output.ref)) return [output]
        return this.#replayEnded(output)
      case 'unsent':
        if (this.#withdrawn.delete(output.ref)) return [notSent(output.ref)]
        // Replays are kept in mind anyway.
        if (!isReplay(output.ref)) this.#unsent.push(output)
        return []
      case 'dissolved':
        return [this.#dissolved(output, self)]
      case 'ended':
        return [...this.#ended(output), output]
      default:
        return [output]
    }
  }

  /** Takes back what was never sent, if it is here. `isOver`: the engine has ended, and what it gave back may be on its way here. */
  cancel(ref: number, isOver: boolean): MembershipOutput | undefined {
    const index = this.#unsent.findIndex((unsent) => unsent.ref === ref)
    if (index < 0) {
      if (isOver) this.#withdrawn.add(ref)
      return undefined
    }
    this.#unsent.splice(index, 1)
    return notSent(ref)
  }

  /** What was never sent waits through one merge, not through more. */
  #ended({ reason, last }: Extract<GroupOutput, { type: 'ended' }>): MembershipOutput[] {
    if (this.#isSettled && last !== undefined) this.#lastFates = this.#fatesAfter(last)
    if (reason === 'merged') return []
    if (this.#isSettled && reason === 'excluded' && this.#options.forks) this.#goOnAlone()
    return this.#unsent.splice(0).map(({ ref }) => notSent(ref))
  }

  /** One that would rather fork than wait, and was left out by others that it cannot reach, founds a lineage in the end. */
  #goOnAlone(): void {
    if (this.#settledIn === undefined) return
    const { lineage, number, rank } = this.#settledIn
    this.#child = strayOf(lineage, number, rank)
    this.#childAfterMs = this.#options.config.mergeTimeoutMs + rank * STAGGER_MS
  }

  /** For one who goes on from this member's state, streams of its last view end where it had delivered them. */
  #fatesAfter({ view, delivered }: NonNullable<Extract<GroupOutput, { type: 'ended' }>['last']>): FateRecord[] {
    const { number } = view
    const before = this.#fates().filter((fate) => fate.number !== number)
    return [...before, ...view.members.map(({ id }, rank) => ({ number, member: id, cut: delivered[rank]! }))]
  }

  #installed(output: Extract<GroupOutput, { type: 'install' }>, self: MemberId): MembershipOutput[] {
    const { lineage, number, members } = output.view
    this.#cancelChild()
    this.#child = undefined
    const isFirst = this.#entered === undefined
    this.#entered = { lineage, number, rank: members.findIndex(({ id }) => id === self) }
    if (isFirst && number === 1 && members.length === 1) this.#founded()
    // Whoever has no state to wait for has the history of the lineage from the start.
    else if (isFirst && !this.#options.hasState) return [...this.#settle(self), output]
    if (this.#isSettled) {
      // A fork goes on from what this member has.
      this.#history.lineage = lineage
      this.#settledIn = this.#entered
    }
    return [output]
  }

  /** Whoever founds does so with the state that it has: what was to be sent again is in it. */
  #founded(): void {
    for (const { past } of this.#replays.values()) this.#history.keep(past)
    this.#replays.clear()
    this.#isSettled = true
    this.#send()
  }

  /** The same for a delivery, of which there are most. */
  delivered(output: Delivery, place: Place | undefined): MembershipOutput {
    const { from, seq, last, ref, purpose } = output
    if (place !== undefined && purpose === 'message') {
      if (this.#options.replays && ref !== undefined) this.#keep(output, place)
      else this.#history.add(place, from.id, seq, last)
    }
    return isReplay(ref) ? { ...output, ref: undefined } : output
  }

  /** One of its own, that may have to be sent again. */
  #keep({ id, kind, payload, from, ref, last }: Delivery, { lineage, number }: Place): void {
    const origin = isReplay(ref) ? this.#replays.get(ref) : undefined
    this.#history.keep({ id, kind, payload, from: from.id, place: { lineage, number }, last, origin })
  }

  /**
   * This member has the state of the lineage that it is in now. That may be another one than it was in, or than a merge led it
   * to: one that was left out, or founds a lineage after a merge that failed, strays.
   */
  #settle(self: MemberId): MembershipOutput[] {
    if (this.#entered === undefined) return []
    const into = this.#entered.lineage
    this.#isSettled = true
    this.#settledIn = this.#entered
    this.#history.lineage ??= into
    const from = this.#history.lineage
    const merged = from === into ? undefined : this.#enter(from, { into, fates: this.#fates() }, [self])
    this.#send()
    if (merged === undefined || (merged.unmerged.length === 0 && merged.forgotten === 0)) return []
    // It is not the eldest of anything: others may care for the rest.
    return [{ ...merged, orphaned: [], reconciles: false }]
  }

  /** The lineage is over for all its members. */
  #dissolved({ view, into, fates, members }: Dissolved, self: MemberId): MembershipOutput {
    const turn = members.indexOf(self)
    const rank = view.members.findIndex(({ id }) => id === self)
    this.#child = turn < 0 ? undefined : forkOf(view.lineage, view.number, rank)
    this.#childAfterMs = this.#options.config.mergeTimeoutMs + turn * STAGGER_MS
    const merged = this.#enter(view.lineage, { into, fates }, members)
    this.merged = { into, unmerged: merged.unmerged, replayed: merged.replayed }
    return merged
  }

  /**
   * Compares what this member has with what the lineage has that it enters. `members`: those who do so together, eldest first;
   * what nobody of them sent is told to the first.
   */
  #enter(from: Lineage, entered: Entered, members: readonly MemberId[]): MergedOutput {
    const { replays: replayed, peer } = this.#options
    const { noted, kept, forgotten } = this.#history.enter(entered)
    for (const [ref, origin] of this.#replays) {
      if (!isPartOf(origin, entered)) continue
      this.#replays.delete(ref)
      this.#history.keep(origin.past)
    }
    for (const past of kept) this.#replays.set(--this.#lastReplay, { past, path: from })
    const own = noted.filter(({ from: sender }) => peerOf(sender) === peer)
    const isEldest = members[0] !== undefined && peerOf(members[0]) === peer
    const present = new Set(members.map(peerOf))
    // Their senders may live on in a lineage of their own, and care for them there; nobody else may, or they come twice.
    const orphaned = isEldest ? noted.filter(({ from: sender }) => !present.has(peerOf(sender))) : []
    return {
      type: 'merged',
      from,
      into: entered.into,
      unmerged: [...own.flatMap(({ ids }) => ids), ...kept.map(({ id }) => id)],
      orphaned: orphaned.flatMap(({ ids }) => ids),
      reconciles: isEldest,
      replayed,
      forgotten,
    }
  }

  /** What is sent again goes before what was never sent, as it was asked for (OR1). */
  #send(): void {
    for (const [ref, { past }] of this.#replays) {
      if (this.#queued.has(ref)) continue
      this.#queued.add(ref)
      this.#input({ type: 'multicast', ref, kind: past.kind, payload: past.payload })
    }
    for (const unsent of this.#unsent.splice(0)) this.#input({ ...unsent, type: 'multicast' })
  }

  /** A replay that was certainly not sent is sent by the next attempt; one that may be lost is told. */
  #replayEnded({ ref, fate }: Extract<GroupOutput, { type: 'fate' }>): MembershipOutput[] {
    const id = this.replayOf(ref)
    if (fate !== 'not-sent') this.#replays.delete(ref)
    return fate === 'unknown' && id !== undefined ? [{ type: 'replay-lost', id }] : []
  }

  /** It is certain that nobody who goes on has it, or not certain that anybody has: its sender was told, and it stays so. */
  #forget(id: MessageId): void {
    this.#history.remove(id)
    for (const [ref, { past }] of this.#replays) if (past.id === id) this.#replays.delete(ref)
  }
}

/** Between one who may found a lineage after a merge that failed and the next. */
const STAGGER_MS = 2_000

/** A view, and this member's rank in it. */
interface Standing extends Place {
  readonly rank: number
}

function notSent(ref: number): MembershipOutput {
  return { type: 'fate', ref, id: undefined, fate: 'not-sent' }
}

function isReplay(ref: number | undefined): ref is number {
  return ref !== undefined && ref < 0
}
