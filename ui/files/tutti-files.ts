import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Group } from '../../peer/index.ts'
import { GroupController } from '../controllers/group-controller.ts'
import type { GroupHost } from '../group/group-host.ts'
import { nextNumber } from '../ids.ts'
import { peerOf } from '../peer-of.ts'
import { spoken } from '../spoken.ts'
import { theme } from '../theme.ts'
import { DropArea, type Dropped } from './drop-area.ts'
import { type Limits, limitsOf, limitsText, reasonAgainst } from './file-limits.ts'
import { FileModel } from './file-model.ts'
import { FileProgress } from './file-progress.ts'
import { isHere, renderFile, renderLost, renderRunning, upIcon } from './file-rows.ts'
import { FileUrls } from './file-urls.ts'
import { type FileValue, fileBytesMax, fileName, mediaType, type SharedFile } from './file-values.ts'
import { partText, type RefusalReason, refusalText, sizeText, uploadText } from './file-words.ts'
import { filesStyles } from './files-styles.ts'
import { Refusals } from './refusals.ts'
import { type Upload, Uploads } from './uploads.ts'

/**
 * Files for all members: dropped, pasted or chosen. They stay in the group's state, so that latecomers have them, too,
 * until somebody removes them; anyone may. Each gets its place by ABCAST before any of it is sent, then its content by CBCAST, which
 * small multicasts overtake: a chat goes on meanwhile. What can't be sent now waits for that.
 *
 * @event {TuttiFilesChangeEvent} tutti-files-change - the files changed: `detail.files`
 * @event {TuttiFilesRefusedEvent} tutti-files-refused - a file is not shared: `detail.reason`
 * @csspart drop - where files are dropped, with the button to choose some
 * @csspart choose - that button
 * @csspart refusals - which files are not shared, and why
 * @csspart list - the files
 * @csspart file - one file
 * @csspart picture - its picture, if it is one
 * @csspart progress - how much of it is sent, or has come
 * @cssprop --tutti-accent - colour of the button, of progress, and of the area while files are held over it
 * @cssprop --tutti-sunken - the area
 * @cssprop --tutti-surface - the list
 */
export class TuttiFiles extends LitElement {
  static override styles = [theme, filesStyles]
  static override properties = {
    maxBytes: { type: Number, attribute: 'max-bytes' },
    maxFileBytes: { type: Number, attribute: 'max-file-bytes' },
  }

  /**
   * How much all files together may have, in bytes: 100 MB; at most 1 GB. It counts for what this page offers; give all
   * pages the same. All of it is in the memory of every page, and is sent to each latecomer.
   */
  declare maxBytes: number
  /** How much a file may have, in bytes: 64 MB, which is also the most. */
  declare maxFileBytes: number

  readonly #urls = new FileUrls()
  readonly #model = new FileModel({
    changed: () => this.requestUpdate(),
    refused: (id, reason) => this.#uploads.refuse(id, reason),
    arrived: (file) => this.#arrived(file),
  })
  readonly #uploads = new Uploads({
    model: this.#model,
    host: () => this.#tutti.host,
    limit: () => this.#limits.all,
    changed: () => this.requestUpdate(),
    failed: ({ name, size }, reason) => this.#refuse(name, size, reason),
  })
  readonly #tutti = new GroupController(this, {
    part: { name: 'files', part: this.#model },
    observe: (event) => {
      if (event.type === 'status' && event.status === 'member') this.#uploads.proceed()
      if (event.type === 'view' || event.type === 'status') this.#freeOrphans()
    },
  })
  readonly #area = new DropArea(this, {
    isOpen: () => this.#tutti.joined,
    take: (dropped) => this.#share(dropped),
  })
  readonly #progress = new FileProgress({
    model: this.#model,
    changed: () => this.requestUpdate(),
    sent: (bytes, total) => this.#uploads.progress(bytes, total),
  })
  readonly #refusals = new Refusals(() => this.#moveFocus('.choose'))
  #host: GroupHost | undefined
  /** The file that is to be removed, if that is confirmed. */
  #asked: string | undefined
  #focusNext: string | undefined
  #said = ''
  #told = ''

  constructor() {
    super()
    this.maxBytes = 100_000_000
    this.maxFileBytes = fileBytesMax
  }

  /** The files that are here, oldest first. `content` has no type: what `type` says is the sender's word only. */
  get files(): readonly (SharedFile & { readonly content: Blob })[] {
    return this.#model.files.filter(isHere)
  }

  /** Files of this page that are on their way. */
  get uploads(): readonly Upload[] {
    return this.#uploads.list
  }

  /** Shares files; gives the ids of those that are not refused at once. */
  share(files: Iterable<File>): string[] {
    return this.#share([...files].map((file) => ({ file, isFolder: false })))
  }

  /** Takes back a file that is on its way. */
  cancelUpload(id: string): void {
    if (this.uploads.some((upload) => upload.id === id)) this.#uploads.remove(id)
  }

  /** Removes a file for everyone. */
  deleteFile(id: string): void {
    this.#asked = undefined
    this.#uploads.remove(id)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#progress.watch(undefined)
    this.#urls.keepOnly([])
  }

  protected override willUpdate(): void {
    const { host } = this.#tutti
    // What waited to be sent was meant for the group before.
    if (this.#host !== undefined && host !== this.#host) this.#uploads.abandon()
    this.#host = host
    if (this.isConnected) this.#progress.watch(this.#group)
    this.#urls.keepOnly(this.#model.files)
    this.#progress.tidy()
  }

  protected override render(): TemplateResult {
    const isAway = !this.#tutti.joined
    const own = new Set(this.uploads.map(({ id }) => id))
    const lost = this.#group?.status === 'member' ? this.#uploads.lost : []
    const lostIds = new Set(lost.map(({ id }) => id))
    const others = this.#model.files.filter(({ id }) => !own.has(id) && !lostIds.has(id))
    return html`
      <div part="drop" class="drop ${this.#area.isOver ? 'over' : ''}" role="group" aria-label="Share files">
        <button part="choose" class="choose" ?disabled=${isAway} aria-describedby="limits" @click=${this.#choose}>
          ${upIcon}<span>Choose files</span></button>
        <span class="or">or drop them here</span>
        <span id="limits" class="limits">${limitsText(this.#limits)}</span>
        <input type="file" multiple hidden @change=${this.#chosen} />
      </div>
      ${this.#refusals.render()}
      ${this.#renderNone(isAway, own.size + lost.length + others.length)}
      <ul part="list" class="list" role="list" aria-label="Files">
        ${repeat(others, fileKey, (file) => this.#renderFile(file))}
        ${repeat(this.uploads, fileKey, (upload) => this.#renderUpload(upload))}
        ${repeat(lost, fileKey, (file) => this.#renderLost(file))}
      </ul>
      <p class="visually-hidden" aria-live="polite">${this.#said}</p>
    `
  }

  protected override updated(): void {
    if (this.#focusNext !== undefined) this.renderRoot.querySelector<HTMLElement>(this.#focusNext)?.focus()
    this.#focusNext = undefined
    const { files } = this
    const ids = JSON.stringify(files.map(fileKey))
    if (ids === this.#told) return
    this.#told = ids
    this.#tell('tutti-files-change', { files })
  }

  get #group(): Group<unknown, unknown> | undefined {
    return this.#tutti.host?.group ?? undefined
  }

  get #limits(): Limits {
    return limitsOf(this, this.#model.bytes + this.#uploads.unasked)
  }

  #renderNone(isAway: boolean, count: number): TemplateResult | typeof nothing {
    if (!isAway && count > 0) return nothing
    const { phase } = this.#tutti.host ?? {}
    const text = phase === 'joining' ? 'Joining …' : isAway ? 'Not in a group.' : 'No files yet.'
    return html`<p class="none">${text}</p>`
  }

  #renderFile(file: SharedFile): TemplateResult {
    if (!isHere(file)) return this.#renderComing(file)
    const { id, name } = file
    const actions = {
      ask: () => this.#ask(id, '.keep'),
      keep: () => this.#ask(undefined, `[data-remove=${CSS.escape(id)}]`),
      remove: () => this.#removeHere(id, name),
      spoil: () => {
        this.#urls.spoilPicture(id)
        this.requestUpdate()
      },
    }
    return renderFile(file, this.#urls.of(file), this.#asked === id, actions)
  }

  #renderComing({ id, name, size, by, from }: SharedFile): TemplateResult {
    const isGone = this.#group?.view.members.every((member) => member.id !== by) === true
    const bytes = this.#progress.of(id)
    const state = isGone ? `${from.name} is gone: it will not come` : `${from.name} sends it · ${partText(bytes, size)}`
    return renderRunning({ name, size, bytes, state }, { word: 'Remove', act: () => this.#removeHere(id, name) })
  }

  #renderUpload(upload: Upload): TemplateResult {
    const { id, name } = upload
    const cancel = (): void => {
      this.#uploads.remove(id)
      this.#moveFocus('.choose')
      this.#say(`Cancelled ${name}.`)
    }
    const state = uploadText(upload, this.#group?.status)
    return renderRunning({ ...upload, state }, { word: 'Cancel', act: cancel })
  }

  #renderLost({ id, name }: Pick<SharedFile, 'id' | 'name'>): TemplateResult {
    return renderLost(name, {
      again: () => {
        this.#uploads.again(id)
        this.#moveFocus('.choose')
      },
      forget: () => {
        this.#uploads.forget(id)
        this.#moveFocus('.choose')
      },
    })
  }

  #share(dropped: readonly Dropped[]): string[] {
    const ids: string[] = []
    const self = this.#tutti.joined ? this.#group?.self : undefined
    for (const each of dropped) {
      const { file } = each
      const count = this.#model.files.length + this.uploads.length
      const reason = self === undefined ? 'outside' : reasonAgainst(each, this.#limits, count)
      if (self === undefined || reason !== undefined) this.#refuse(fileName(file.name), file.size, reason ?? 'outside')
      else {
        const id = `${peerOf(self)}/${nextNumber()}`
        ids.push(id)
        this.#uploads.add({ id, name: fileName(file.name), type: mediaType(file.type), size: file.size, file })
      }
    }
    return ids
  }

  #refuse(name: string, size: number, reason: RefusalReason): void {
    this.#refusals.add(refusalText(name, size, reason, this.#limits))
    this.#tell('tutti-files-refused', { name, size, reason })
    this.requestUpdate()
  }

  /** What was promised by members that are gone takes no room any more. Everyone says so, for anyone may be gone next. */
  #freeOrphans(): void {
    const { host } = this.#tutti
    const group = host?.group
    if (group?.status !== 'member') return
    const present = new Set<string>(group.view.members.map(({ id }) => id))
    for (const { id, by, content } of this.#model.files) {
      const value: FileValue = { tutti: 'files', op: 'free', id, by }
      if (content === undefined && !present.has(by)) host?.cast('abcast', value)
    }
  }

  #arrived({ name, size, by, from }: SharedFile): void {
    const self = this.#group?.self
    if (self !== undefined && peerOf({ id: by }) !== peerOf(self)) {
      this.#say(`${from.name} shared ${name}, ${sizeText(size)}.`)
    }
  }

  #ask(id: string | undefined, focus: string): void {
    this.#asked = id
    this.#moveFocus(focus)
  }

  #removeHere(id: string, name: string): void {
    this.deleteFile(id)
    this.#moveFocus('.choose')
    this.#say(`Removed ${name}.`)
  }

  /** To what this selects, once it is there: what had the focus goes. */
  #moveFocus(selector: string): void {
    this.#focusNext = selector
    this.requestUpdate()
  }

  #choose(): void {
    this.renderRoot.querySelector('input')!.click()
  }

  #chosen(event: Event): void {
    const input = event.target as HTMLInputElement
    this.share(input.files ?? [])
    // The same one can be chosen again.
    input.value = ''
  }

  #say(text: string): void {
    this.#said = spoken(text, this.#said)
    this.requestUpdate()
  }

  #tell<Type extends keyof TuttiFilesEvents>(type: Type, detail: TuttiFilesEvents[Type]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}

export type TuttiFilesChangeEvent = CustomEvent<{ readonly files: readonly SharedFile[] }>
/** `name` as it is shown, `size` in bytes. */
export type TuttiFilesRefusedEvent = CustomEvent<{
  readonly name: string
  readonly size: number
  readonly reason: RefusalReason
}>

interface TuttiFilesEvents {
  'tutti-files-change': TuttiFilesChangeEvent
  'tutti-files-refused': TuttiFilesRefusedEvent
}

function fileKey({ id }: { readonly id: string }): string {
  return id
}

declare global {
  interface HTMLElementEventMap extends TuttiFilesEvents {}
  interface HTMLElementTagNameMap {
    'tutti-files': TuttiFiles
  }
}
