import type { Profile } from '../group/profiles.ts'
import { isId } from '../ids.ts'
import { nameCharactersMax, plainText } from '../plain-text.ts'
import { isTime } from '../stamp.ts'
import { asColor } from '../theme.ts'

/** A file of the group, as all members have it. */
export interface SharedFile {
  readonly id: string
  readonly name: string
  /** What its sender says that it is: a media type, in lower case; may be empty, and may be wrong. */
  readonly type: string
  /** In bytes. */
  readonly size: number
  /** The member that sends it, or sent it, and what it was called then. */
  readonly by: string
  readonly from: Profile
  /** Without a type. Undefined: it is on its way. */
  readonly content: Blob | undefined
}

/** What the files multicast: `content` by CBCAST, the others by ABCAST. */
export type FileValue = { readonly tutti: 'files' } & (
  | ({ readonly op: 'offer'; readonly limit: number } & Pick<SharedFile, 'id' | 'name' | 'type' | 'size' | 'from'>)
  | { readonly op: 'content'; readonly id: string; readonly content: Blob }
  | { readonly op: 'remove'; readonly id: string }
  /** The member that was to send it is gone. */
  | { readonly op: 'free'; readonly id: string; readonly by: string }
)

/** Fits into one multicast (`messageBytesMax`, 64 MiB) with all that is said besides. */
export const fileBytesMax = 64_000_000
/** Of all together, whatever a page asks for: the group's state, which latecomers get, may have 1 GiB. */
export const allBytesMax = 1_000_000_000
export const filesMax = 200
const nameMax = 80
const typeMax = 100

// What follows judges values of others: one that makes no sense is left out, alike at every member.

export function readOffer(value: unknown, by: string): { file: SharedFile; limit: number } | undefined {
  const { limit } = value as { limit?: unknown }
  const file = readFile({ ...(value as object), by, content: undefined })
  return file === undefined || !isTime(limit) ? undefined : { file, limit: Math.min(limit, allBytesMax) }
}

export function readFile(value: unknown): SharedFile | undefined {
  const { id, name, type, size, by, from, content } = (value ?? {}) as Partial<SharedFile>
  if (!isId(id) || !isId(by) || !isTime(size) || size > fileBytesMax) return undefined
  return {
    id,
    name: fileName(name),
    type: mediaType(type),
    size,
    by,
    from: { name: plainText(from?.name, nameCharactersMax), color: asColor(from?.color) ?? 0 },
    content: readContent(content, size),
  }
}

/** Whatever type it is said to have, a page must not take it for a document of its own. */
export function readContent(value: unknown, size: number): Blob | undefined {
  return value instanceof Blob && value.size === size ? value.slice() : undefined
}

/** A file's name as it can be shown: one line, cut with a mark in front of what it ends in. */
export function fileName(value: unknown): string {
  if (typeof value !== 'string') return 'Unnamed'
  const line = (text: string): string => plainText(text.replace(/\s/g, ' ').replace(marks, ''), nameMax)
  const shown = line(value.slice(0, 10 * nameMax))
  if (!shown.endsWith('…')) return shown || 'Unnamed'
  const ending = /\.[a-z0-9]{1,8}$/i.exec(value.slice(-9))?.[0] ?? ''
  const start = Array.from(shown).slice(0, nameMax - 1 - ending.length)
  return `${start.join('').trimEnd()}…${ending}`
}

/** The same as a file system takes it: nothing that leads to another folder, or hides it. */
export function downloadName(name: string): string {
  return fileName(name)
    .replace(/[<>:"/\\|?*]/g, '_')
    .replace(/^[. ]+/, '_')
}

export function mediaType(value: unknown): string {
  if (typeof value !== 'string' || value.length > typeMax) return ''
  return /^[\w.+-]+\/[\w.+-]+$/.test(value) ? value.toLowerCase() : ''
}

/** Turning marks, and marks that nobody sees, beside those that no text may have; joiners belong to some scripts. */
const marks = /[\u061c\u200b\u200e\u200f\ufeff]/g
