import type { GroupEvent, Member } from '../../peer/index.ts'
import { tagOf } from '../group/parts.ts'
import type { Profile } from '../group/profiles.ts'
import { plainText } from '../plain-text.ts'

/** One thing that happened. Deliveries of one kind and sender in a row are one entry, with a count. */
export type TimelineEntry = { readonly key: number } & (
  | { readonly type: 'view'; readonly number: number; readonly size: number; readonly changes: string }
  | {
      readonly type: 'delivery'
      readonly kind: 'fifo' | 'causal' | 'total'
      readonly from: string
      readonly who: Profile
      readonly what: string
      readonly count: number
      /** Place among the ABCASTs of the view: the last one's. */
      readonly order?: number
    }
  | { readonly type: 'note'; readonly text: string; readonly bad: boolean }
)

type NewEntry = TimelineEntry extends infer E ? (E extends unknown ? Omit<E, 'key'> : never) : never

/** What happened lately, oldest first. Bounded. */
export class TimelineLog {
  #entries: readonly TimelineEntry[] = []
  #nextKey = 1

  get entries(): readonly TimelineEntry[] {
    return this.#entries
  }

  /** @param profileOf - what a member calls itself now */
  add(event: GroupEvent, profileOf: (member: Member) => Profile): void {
    switch (event.type) {
      case 'view':
        return this.#push({
          type: 'view',
          number: event.view.number,
          size: event.view.members.length,
          changes: changes(event, profileOf),
        })
      case 'message':
        return this.#deliver(event, profileOf(event.from))
      case 'status':
        return this.#push({ type: 'note', text: event.status, bad: event.status !== 'member' })
      case 'merge':
        return this.#push({ type: 'note', text: merge(event), bad: !event.replayed && event.unmerged.length > 0 })
      case 'error':
        return this.#push({ type: 'note', text: plainText(event.error.message, 200), bad: true })
      case 'progress':
        return
      case 'state':
        if (event.bytes < event.total) return
        return this.#push({ type: 'note', text: `state, ${size(event.total)}`, bad: false })
    }
  }

  #deliver({ kind, from, value, order }: GroupEvent & { type: 'message' }, who: Profile): void {
    const what = plainText(tagOf(value) ?? 'message', 20)
    const last = this.#entries.at(-1)
    const numbered = order === undefined ? {} : { order }
    if (last?.type === 'delivery' && last.kind === kind && last.from === from.id && last.what === what) {
      this.#entries = [...this.#entries.slice(0, -1), { ...last, ...numbered, who, count: last.count + 1 }]
    } else this.#push({ type: 'delivery', kind, from: from.id, who, what, count: 1, ...numbered })
  }

  #push(entry: NewEntry): void {
    this.#entries = [...this.#entries, { ...entry, key: this.#nextKey++ }].slice(-entriesMax)
  }
}

const entriesMax = 200

function changes(
  { joined, left, failed }: GroupEvent & { type: 'view' },
  profileOf: (member: Member) => Profile,
): string {
  const names = (sign: string, members: readonly Member[]): string[] =>
    members.map((member) => `${sign}${profileOf(member).name}`)
  return [...names('+', joined), ...names('−', left), ...names('†', failed)].join(' ')
}

function merge({ unmerged, replayed }: GroupEvent & { type: 'merge' }): string {
  return unmerged.length === 0 ? 'merged' : `merged, ${unmerged.length} ${replayed ? 'sent again' : 'left behind'}`
}

function size(bytes: number): string {
  return bytes < 1024
    ? `${bytes} B`
    : bytes < 1024 ** 2
      ? `${Math.round(bytes / 1024)} KB`
      : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}
