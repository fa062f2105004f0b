import { forkOf, type Place } from '../base/ancestry.ts'
import type { Lineage, MemberId, MessageId } from '../base/ids.ts'
import type { Input } from '../engine/io.ts'
import type { GroupOutput } from './group-runtime.ts'
import { History, type Origin } from './history.ts'
import type { MembershipOptions, MembershipOutput } from './membership.ts'
import type { MergedTrace } from './trace.ts'

type Dissolved = Extract<GroupOutput, { type: 'dissolved' }>
type Unsent = Extract<GroupOutput, { type: 'unsent' }>

/**
 * What a membership carries from a lineage that is over into the one that is joined (PT4): multicasts to be sent again, and
 * those that were never sent. References of replays are negative: the application does not know of them.
 */
export class Merging {
  readonly #options: MembershipOptions
  readonly #input: (input: Input) => void
  readonly #history: History
  readonly #replays = new Map<number, Origin>()
  #lastReplay = 0
  #unsent: Unsent[] = []
  /** The last merge. */
  merged: MergedTrace | undefined
  /** The lineage to found if the other cannot be joined in time; undefined: this member is in no merge. */
  #child: Lineage | undefined
  #childAfterMs = 0
  #cancelChild: () => void = () => {}

  constructor(options: MembershipOptions, input: (input: Input) => void) {
    this.#options = options
    this.#input = input
    this.#history = new History(options.config.replayBytesMax)
  }

  /** Of which multicast the one under that reference is a repetition. */
  replayOf(ref: number): MessageId | undefined {
    return this.#replays.get(ref)?.past.id
  }

  /** A new attempt has begun: what is to be sent is queued there. */
  begin(): void {
    for (const [ref, { past }] of this.#replays) {
      const { kind, payload } = past
      this.#input({ type: 'multicast', ref, kind, payload })
    }
    for (const { ref, kind, payload } of this.#unsent) this.#input({ type: 'multicast', ref, kind, payload })
    this.#unsent = []
    if (this.#child === undefined) return
    const { clock } = this.#options
    const lineage = this.#child
    this.#cancelChild = clock.at(clock.now() + this.#childAfterMs, () => this.#input({ type: 'found', lineage }))
  }

  stop(): void {
    this.#cancelChild()
  }

  /** Takes an output of the engine, and gives the application's version of it, if it concerns that at all. */
  take(output: GroupOutput, place: Place | undefined, self: MemberId): MembershipOutput | undefined {
    switch (output.type) {
      case 'install':
        this.#cancelChild()
        this.#child = undefined
        this.#history.enter(output.view.lineage)
        return output
      case 'deliver':
        if (place !== undefined && output.purpose === 'message') {
          this.#history.add(output, place, this.#replays.get(output.ref ?? 0))
        }
        if (!isReplay(output.ref)) return output
        this.#replays.delete(output.ref)
        return { ...output, ref: undefined }
      case 'stamped':
      case 'stable':
        return isReplay(output.ref) ? undefined : output
      case 'fate':
        if (output.fate !== 'in-cut' && output.id !== undefined) this.#forget(output.id)
        if (!isReplay(output.ref)) return output
        // One that was certainly not sent is sent by the next attempt; of any other there is nothing more to be done.
        if (output.fate !== 'not-sent') this.#replays.delete(output.ref)
        return undefined
      case 'unsent':
        this.#unsent.push(output)
        return undefined
      case 'dissolved':
        return this.#dissolved(output, self)
      default:
        return output
    }
  }

  #dissolved(dissolved: Dissolved, self: MemberId): MembershipOutput {
    const { view, into, members } = dissolved
    const { replays: replayed, config } = this.#options
    const { own, orphaned, forgotten } = this.#history.dissolve(dissolved, self)
    if (replayed) for (const past of own) this.#replays.set(--this.#lastReplay, { past, path: view.lineage })
    const turn = members.indexOf(self)
    const rank = view.members.findIndex(({ id }) => id === self)
    this.#child = turn < 0 ? undefined : forkOf(view.lineage, view.number, rank)
    this.#childAfterMs = config.mergeTimeoutMs * (1 + turn)
    const unmerged = own.map(({ id }) => id)
    this.merged = { into, unmerged, replayed }
    return {
      type: 'merged',
      from: view.lineage,
      into,
      unmerged,
      orphaned: orphaned.map(({ id }) => id),
      reconciles: turn === 0,
      replayed,
      forgotten,
    }
  }

  /** It is certain that nobody who goes on has it, or not certain that anybody has: its sender was told, and it stays so. */
  #forget(id: MessageId): void {
    this.#history.remove(id)
    for (const [ref, { past }] of this.#replays) if (past.id === id) this.#replays.delete(ref)
  }
}

function isReplay(ref: number | undefined): ref is number {
  return ref !== undefined && ref < 0
}
