import type { Group, ValueProgressEvent } from '../../peer/index.ts'
import type { FileModel } from './file-model.ts'
import { isHere } from './file-rows.ts'
import { isOf } from './uploads.ts'

export interface FileProgressOptions {
  readonly model: FileModel
  changed(): void
  /** So many bytes of a value of this member have reached all others. */
  sent(bytes: number, total: number): void
}

/** How much has come of files that others send, as the group tells it. */
export class FileProgress {
  readonly #options: FileProgressOptions
  readonly #bytes = new Map<string, number>()
  #group: Group<unknown, unknown> | undefined

  constructor(options: FileProgressOptions) {
    this.#options = options
  }

  /** In bytes, of a file that is on its way. */
  of(id: string): number {
    return this.#bytes.get(id) ?? 0
  }

  watch(group: Group<unknown, unknown> | undefined): void {
    if (group === this.#group) return
    this.#group?.removeEventListener('progress', this.#take)
    this.#group = group
    group?.addEventListener('progress', this.#take)
  }

  /** Forgets files that are here by now, or gone. */
  tidy(): void {
    for (const id of this.#bytes.keys()) {
      const file = this.#options.model.find(id)
      if (file === undefined || isHere(file)) this.#bytes.delete(id)
    }
  }

  readonly #take = ({ from, bytes, total }: ValueProgressEvent): void => {
    if (from.id === this.#group?.self.id) return this.#options.sent(bytes, total)
    const file = this.#options.model.files.find(
      (each) => each.by === from.id && !isHere(each) && isOf(each.size, total),
    )
    if (file === undefined) return
    this.#bytes.set(file.id, Math.min(bytes, file.size))
    this.#options.changed()
  }
}
