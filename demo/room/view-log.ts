import type { GroupEvent, Member, View } from '../../peer/index.ts'

export interface ViewEntry {
  readonly number: number
  readonly lineage: string
  readonly size: number
  /** Who came (+), left (−), failed (†). */
  readonly changes: string
  /** Undefined for the view that this page joined with, or one before it looked. */
  readonly time: Date | undefined
}

const entriesMax = 50

/** The latest views, and what had changed in each. */
export class ViewLog {
  #entries: readonly ViewEntry[] = []

  take(event: GroupEvent, nameOf: (member: Member) => string): void {
    if (event.type !== 'view') return
    const { view, joined, left, failed } = event
    const names = (sign: string, members: readonly Member[]): string[] =>
      members.map((member) => `${sign}${nameOf(member)}`)
    const changes = [...names('+', joined), ...names('−', left), ...names('†', failed)].join(' ')
    this.#entries = [{ ...inShort(view), changes, time: new Date() }, ...this.#entries].slice(0, entriesMax)
  }

  /** Newest first. `now`: the present view, which may have been there before anybody looked. */
  entries(now: View): readonly ViewEntry[] {
    const [latest] = this.#entries
    if (latest?.number === now.number && latest.lineage === now.lineage) return this.#entries
    return [{ ...inShort(now), changes: '', time: undefined }, ...this.#entries]
  }
}

function inShort({ number, lineage, members }: View): Pick<ViewEntry, 'number' | 'lineage' | 'size'> {
  return { number, lineage, size: members.length }
}
