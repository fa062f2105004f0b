import type { MemberId } from '../base/ids.ts'
import type { MembershipOutput } from '../runtime/membership.ts'

interface Progress {
  readonly bytes: number
  readonly total: number
}

/** Of each sender's value on its way, what the application was told: it rises up to the value's end, or the value is over [FL3]. */
export class ProgressWatch {
  readonly #last = new Map<MemberId, Progress>()
  /** Values that were not told of to their end, of each sender. */
  readonly #cutShort = new Map<MemberId, number>()
  readonly #broken: (evidence: string) => void
  readonly #withdrawn: (sender: MemberId) => number

  /** `withdrawn`: how many values a sender has taken back in the middle so far. */
  constructor(broken: (evidence: string) => void, withdrawn: (sender: MemberId) => number) {
    this.#broken = broken
    this.#withdrawn = withdrawn
  }

  take(output: MembershipOutput, self: MemberId): void {
    if (output.type === 'deliver') this.#last.delete(output.from.id)
    else if (output.type === 'install' || output.type === 'ended') this.#last.clear()
    else if (output.type === 'value-progress') this.#told(output.from.id, output.bytes, output.total, self)
  }

  #told(from: MemberId, bytes: number, total: number, self: MemberId): void {
    const last = this.#last.get(from)
    this.#last.set(from, { bytes, total })
    if (bytes <= 0 || bytes >= total) this.#broken(`${self} is told of ${bytes} of ${total} bytes from ${from}`)
    if (last === undefined || (bytes > last.bytes && total === last.total)) return
    const cutShort = (this.#cutShort.get(from) ?? 0) + 1
    this.#cutShort.set(from, cutShort)
    if (cutShort <= this.#withdrawn(from)) return
    this.#broken(`${self} is told of ${bytes} of ${total} bytes from ${from}, after ${last.bytes} of ${last.total}`)
  }
}
