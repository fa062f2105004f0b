import type { Receipt, TuttiError } from '../../peer/index.ts'
import type { GroupHost } from '../group/group-host.ts'
import type { FileModel } from './file-model.ts'
import type { FileValue, SharedFile } from './file-values.ts'
import type { RefusalReason } from './file-words.ts'

/**
 * Where a file is that this page shares: `waiting` for this member to be in the group; `asking` for a place; `granted`, behind
 * another that is sent; `sending`; `arriving` at the last of the others.
 */
export type UploadState = 'waiting' | 'asking' | 'granted' | 'sending' | 'arriving'

export interface Upload extends Pick<SharedFile, 'id' | 'name' | 'type' | 'size'> {
  readonly state: UploadState
  /** How much of it all others have. */
  readonly bytes: number
}

export interface UploadsOptions {
  readonly model: FileModel
  host(): GroupHost | undefined
  /** For all files together, as this page sees it: in bytes. */
  limit(): number
  changed(): void
  /** It is not going to be sent. */
  failed(upload: Upload, reason: RefusalReason): void
}

type Source = Pick<SharedFile, 'id' | 'name' | 'type' | 'size'> & { readonly file: Blob }
type Running = Source & { state: UploadState; bytes: number; readonly cancel: AbortController }

/**
 * Shares files one after the other, and keeps them until the others have them: one that could not be sent, because this
 * member was left out of the group, is sent when it is back.
 */
export class Uploads {
  readonly #options: UploadsOptions
  readonly #running = new Map<string, Running>()
  /** What this page has shared, so that it can do so again. */
  readonly #shared = new Map<string, Source>()
  /** What is to be removed as soon as that can be said. */
  readonly #removals = new Set<string>()

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  get list(): readonly Upload[] {
    return [...this.#running.values()]
  }

  /** In bytes: what is not in the model yet. */
  get unasked(): number {
    const { model } = this.#options
    return this.list.reduce((sum, { id, size }) => sum + (model.find(id) === undefined ? size : 0), 0)
  }

  /** Files of this page that the group has no more though nobody removed them: after histories met, say. */
  get lost(): readonly Source[] {
    const { model } = this.#options
    return [...this.#shared.values()].filter(
      ({ id }) => !this.#running.has(id) && !model.wasRemoved(id) && model.find(id)?.content === undefined,
    )
  }

  add(source: Source): void {
    this.#shared.delete(source.id)
    this.#running.set(source.id, { ...source, state: 'waiting', bytes: 0, cancel: new AbortController() })
    this.proceed()
  }

  /** Shares a lost file once more. */
  again(id: string): void {
    const source = this.#shared.get(id)
    if (source !== undefined) this.add(source)
  }

  /** Forgets a lost file. */
  forget(id: string): void {
    this.#shared.delete(id)
    this.#options.changed()
  }

  /** Takes a file back, be it here, on its way, or nowhere yet. */
  remove(id: string): void {
    const upload = this.#running.get(id)
    this.#running.delete(id)
    this.#shared.delete(id)
    upload?.cancel.abort()
    this.#removals.add(id)
    this.proceed()
  }

  /** The group said no to an offer of this page. */
  refuse(id: string, reason: RefusalReason): void {
    const upload = this.#running.get(id)
    if (upload !== undefined) this.#fail(upload, reason)
  }

  /** How much of what this member sends all others have. */
  progress(bytes: number, total: number): void {
    const upload = [...this.#running.values()].find(({ state, size }) => state === 'sending' && isOf(size, total))
    if (upload === undefined) return
    upload.bytes = Math.min(bytes, upload.size)
    this.#options.changed()
  }

  /** Gives all up: the page is in another group now. */
  abandon(): void {
    for (const upload of this.#running.values()) upload.cancel.abort()
    this.#running.clear()
    this.#shared.clear()
    this.#removals.clear()
  }

  /** Does what can be done now. To be called when this member is back in the group. */
  proceed(): void {
    const status = this.#options.host()?.group?.status
    if (status === 'member' || status === 'blocked') {
      for (const id of this.#removals)
        if (this.#send('abcast', { tutti: 'files', op: 'remove', id })) this.#removals.delete(id)
      for (const upload of this.#running.values()) if (upload.state === 'waiting') this.#begin(upload)
      this.#sendNext()
    }
    this.#options.changed()
  }

  #begin(upload: Running): void {
    const { model, limit } = this.#options
    const { id, name, type, size } = upload
    if (model.wasRemoved(id)) return this.#fail(upload, 'removed')
    if (model.find(id)?.content !== undefined) return this.#finish(upload)
    const host = this.#options.host()!
    const from = host.profileOf(host.group!.self)
    const offer = { tutti: 'files', op: 'offer', id, name, type, size, from, limit: limit() } as const
    const receipt = this.#send('abcast', offer)
    if (receipt === undefined) return
    upload.state = 'asking'
    void this.#follow(upload, receipt, () => {
      if (model.wasRemoved(id)) return this.#fail(upload, 'removed')
      upload.state = 'granted'
      this.proceed()
    })
  }

  /** One at a time: so the others know of which file it is that they have a part. */
  #sendNext(): void {
    const running = [...this.#running.values()]
    const upload = running.find(({ state }) => state === 'granted')
    if (upload === undefined || running.some(({ state }) => state === 'sending')) return
    const { id, file, cancel } = upload
    // Without its name and type, which are said already.
    const value = { tutti: 'files', op: 'content', id, content: file.slice() } as const
    const receipt = this.#send('cbcast', value, cancel.signal)
    if (receipt === undefined) return
    upload.state = 'sending'
    void this.#follow(upload, receipt, () => {
      upload.state = 'arriving'
      void this.#follow(upload, receipt.stable, () => this.#finish(upload))
      this.proceed()
    })
  }

  /** `next`: what follows when it is in its place, if it is not given up by then. */
  async #follow(upload: Running, receipt: PromiseLike<unknown>, next: () => void): Promise<void> {
    const isOver = (): boolean => this.#running.get(upload.id) !== upload
    try {
      await receipt
      if (!isOver()) next()
    } catch (error) {
      if (!isOver()) this.#judge(upload, error as TuttiError)
    }
  }

  /** It may be in the state that this member gets when it is back: that is looked at then. */
  #judge(upload: Running, { code, fate }: TuttiError): void {
    if (code === 'not-encodable' || code === 'too-large') {
      this.#removals.add(upload.id)
      this.#fail(upload, 'unreadable')
    } else if (code === 'left' || code === 'closed') this.#fail(upload, 'lost')
    else if (upload.state === 'arriving' && fate === 'in-cut') this.#finish(upload)
    else {
      upload.state = 'waiting'
      upload.bytes = 0
      this.proceed()
    }
  }

  #finish(upload: Running): void {
    const { id, name, type, size, file } = upload
    this.#running.delete(id)
    this.#shared.set(id, { id, name, type, size, file })
    this.proceed()
  }

  #fail(upload: Running, reason: RefusalReason): void {
    this.#running.delete(upload.id)
    upload.cancel.abort()
    this.#options.failed(upload, reason)
    this.proceed()
  }

  #send(kind: 'abcast' | 'cbcast', value: FileValue, signal?: AbortSignal): Receipt | undefined {
    return this.#options.host()?.send(kind, value, signal === undefined ? {} : { signal })
  }
}

/** Whether a value of so many bytes may carry a file: what is said besides is short. */
export function isOf(size: number, total: number): boolean {
  return total >= size && total <= size + 4096
}
