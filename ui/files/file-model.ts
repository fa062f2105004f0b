import type { Part, PartMessage } from '../group/parts.ts'
import { isId } from '../ids.ts'
import { peerOf } from '../peer-of.ts'
import { type FileValue, filesMax, readContent, readFile, readOffer, type SharedFile } from './file-values.ts'

export interface FileModelOptions {
  /** Called after each change. */
  changed(): void
  /** An offer came to its place in the order and had no room there, or its file was removed before. */
  refused?(id: string, reason: 'full' | 'many' | 'removed'): void
  /** All of a file has come. */
  arrived?(file: SharedFile): void
}

export interface SavedFiles {
  readonly files: readonly SharedFile[]
  /** Files that were removed, the latest last. */
  readonly gone: readonly string[]
}

/**
 * The files of the group. Each is offered first, by ABCAST: in the order of offers all members agree on which has room,
 * before any of it is sent. Its content follows by CBCAST, and fills the place that is kept for it. Removing is by ABCAST, too: what
 * is concurrent with it comes to nothing. All of it may come a second time, after histories have met.
 */
export class FileModel implements Part {
  readonly #options: FileModelOptions
  #files = new Map<string, SharedFile>()
  #gone = new Set<string>()

  constructor(options: FileModelOptions) {
    this.#options = options
  }

  /** In the order of their offers. */
  get files(): readonly SharedFile[] {
    return [...this.#files.values()]
  }

  /** Of all files, also of those that are on their way. */
  get bytes(): number {
    return this.files.reduce((sum, { size }) => sum + size, 0)
  }

  find(id: string): SharedFile | undefined {
    return this.#files.get(id)
  }

  wasRemoved(id: string): boolean {
    return this.#gone.has(id)
  }

  apply({ value, from, kind }: PartMessage): void {
    const { op, id } = value as Partial<FileValue>
    if (!isId(id)) return
    if (op === 'content') {
      if (kind !== 'fifo') this.#fill(id, peerOf(from), (value as { content?: unknown }).content)
    } else if (kind === 'total') {
      if (op === 'offer') this.#offer(value, from.id)
      if (op === 'remove') this.#remove(id)
      if (op === 'free') this.#free(id, (value as { by?: unknown }).by)
    }
    this.#options.changed()
  }

  save(): SavedFiles {
    return { files: this.files, gone: [...this.#gone] }
  }

  load(saved: unknown): void {
    const { files, gone } = (saved ?? {}) as Partial<SavedFiles>
    this.#files.clear()
    for (const value of Array.isArray(files) ? files.slice(0, filesMax) : []) {
      const file = readFile(value)
      if (file !== undefined) this.#files.set(file.id, file)
    }
    this.#gone = new Set((Array.isArray(gone) ? gone : []).slice(-goneMax).filter(isId))
    this.#options.changed()
  }

  #offer(value: unknown, by: string): void {
    const offer = readOffer(value, by)
    // Everyone names its own files: nobody can take the place of another's.
    if (offer === undefined || !offer.file.id.startsWith(`${peerOf({ id: by })}/`)) return
    const { file, limit } = offer
    const known = this.#files.get(file.id)
    if (known !== undefined) {
      // Its sender is back under a new id, and begins again.
      if (known.content === undefined) this.#files.set(file.id, { ...known, by })
    } else if (this.#gone.has(file.id)) this.#options.refused?.(file.id, 'removed')
    else if (this.#files.size >= filesMax) this.#options.refused?.(file.id, 'many')
    else if (this.bytes + file.size > limit) this.#options.refused?.(file.id, 'full')
    else this.#files.set(file.id, file)
  }

  #fill(id: string, peer: string, value: unknown): void {
    const file = this.#files.get(id)
    if (file === undefined || file.content !== undefined || peerOf({ id: file.by }) !== peer) return
    const content = readContent(value, file.size)
    if (content === undefined) return
    const whole = { ...file, content }
    this.#files.set(id, whole)
    this.#options.arrived?.(whole)
  }

  /** Kept in mind even if there is no such file: when histories meet, it may be offered after this. */
  #remove(id: string): void {
    this.#files.delete(id)
    this.#gone.delete(id)
    this.#gone.add(id)
    const [oldest] = this.#gone
    if (this.#gone.size > goneMax) this.#gone.delete(oldest!)
  }

  #free(id: string, by: unknown): void {
    const file = this.#files.get(id)
    if (file !== undefined && file.content === undefined && file.by === by) this.#files.delete(id)
  }
}

const goneMax = 1000
