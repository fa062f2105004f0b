import type { LitElement, ReactiveController } from 'lit'

/** A thing that was dropped or pasted: a file, or a folder, which can't be read as one. */
export interface Dropped {
  readonly file: File
  readonly isFolder: boolean
}

export interface DropAreaOptions {
  /** Whether what is dropped now would be taken. */
  isOpen(): boolean
  take(dropped: readonly Dropped[]): void
}

/** Takes files that are dropped on an element, or pasted while the focus is in it. */
export class DropArea implements ReactiveController {
  readonly #element: LitElement
  readonly #options: DropAreaOptions
  #isOver = false

  constructor(element: LitElement, options: DropAreaOptions) {
    this.#element = element
    this.#options = options
    element.addController(this)
  }

  /** Files are held over it. */
  get isOver(): boolean {
    return this.#isOver
  }

  hostConnected(): void {
    for (const [type, listener] of this.#listeners) this.#element.addEventListener(type, listener)
  }

  hostDisconnected(): void {
    for (const [type, listener] of this.#listeners) this.#element.removeEventListener(type, listener)
    this.#isOver = false
  }

  readonly #over = (event: Event): void => {
    const data = (event as DragEvent).dataTransfer
    if (!bringsFiles(data)) return
    event.preventDefault()
    const isOpen = this.#options.isOpen()
    data!.dropEffect = isOpen ? 'copy' : 'none'
    this.#setOver(isOpen)
  }

  readonly #leave = (event: Event): void => {
    if (!this.#element.contains((event as DragEvent).relatedTarget as Node | null)) this.#setOver(false)
  }

  readonly #drop = (event: Event): void => {
    const data = (event as DragEvent).dataTransfer
    this.#setOver(false)
    if (!bringsFiles(data)) return
    event.preventDefault()
    this.#options.take(filesIn(data))
  }

  readonly #paste = (event: Event): void => {
    const files = filesIn((event as ClipboardEvent).clipboardData)
    if (files.length === 0) return
    event.preventDefault()
    this.#options.take(files)
  }

  readonly #listeners = [
    ['dragover', this.#over],
    ['dragleave', this.#leave],
    ['drop', this.#drop],
    ['paste', this.#paste],
  ] as const

  #setOver(isOver: boolean): void {
    if (isOver === this.#isOver) return
    this.#isOver = isOver
    this.#element.requestUpdate()
  }
}

/** To be called while the event is handled: it is empty afterwards. */
function filesIn(data: DataTransfer | null): readonly Dropped[] {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === 'file')
  return items.flatMap((item) => {
    const file = item.getAsFile()
    return file === null ? [] : [{ file, isFolder: item.webkitGetAsEntry?.()?.isDirectory === true }]
  })
}

function bringsFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') === true
}
