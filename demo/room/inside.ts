import type { GroupInspection } from '../../peer/index.ts'

/** What the engine keeps of one member's messages in this view. */
export interface Stream {
  readonly id: string
  /** Entries received without a gap, complete with their causes, delivered. */
  readonly received: number
  readonly have: number
  readonly delivered: number
  /** Entries that are kept until all have them, and their bytes. */
  readonly buffered: number
  readonly bufferedBytes: number
}

/** A group from inside, as far as people want to know. */
export interface Inside {
  readonly streams: readonly Stream[]
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly counters: readonly (readonly [name: string, value: number])[]
}

/** Reads what `inspect` shows. Its engine's shape is for people, and changes: what is not there is left out. */
export function readInside({ status, queued, unread, busy, view, engine }: GroupInspection): Inside {
  const inner = (engine.view ?? {}) as Record<string, unknown>
  const members = Array.isArray(inner.members) ? (inner.members as Record<string, unknown>[]) : []
  const fact = (name: string, value: unknown): [string, string][] =>
    value === undefined || value === null ? [] : [[name, String(value)]]
  return {
    streams: members.map((member) => ({
      id: String(member.id),
      received: count(member.received),
      have: count(member.have),
      delivered: count(member.delivered),
      buffered: count(member.buffered),
      bufferedBytes: count(member.bufferedBytes),
    })),
    facts: [
      ...fact('status', status),
      ...fact('view', `${view.number} of ${view.lineage.slice(0, 6)}${view.primary ? '' : ', a fork'}`),
      ...fact('as coordinator', inner.coordinator),
      ...fact('wedged', inner.wedged === true ? 'yes' : 'no'),
      ...fact('ballot promised', inner.promised),
      ...fact('ABCASTs ordered', inner.orderLength),
      ...fact('waiting to be sent', `${queued.messages} (${bytes(queued.bytes)})`),
      ...fact('unread by iterators', bytes(unread.bytes)),
      ...fact('busy', busy),
    ],
    counters: Object.entries((engine.counters ?? {}) as Record<string, unknown>)
      .map(([name, value]) => [name, count(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  }
}

export function bytes(size: number): string {
  if (size < 1024) return `${Math.round(size)} B`
  return size < 1024 ** 2 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / 1024 ** 2).toFixed(1)} MiB`
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
