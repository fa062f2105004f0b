import * as Y from 'yjs'
import { reportError } from '../client/report-error.ts'
import { isBytes, isGuid } from './doc-values.ts'
import { beyond, type Content, type Extent, extentOf, isEmpty, nothing, updateSince } from './extent.ts'

export type SavedContents = readonly (readonly [doc: string, update: Uint8Array])[]

export interface DocSetOptions {
  /** The origin of all that is applied here: what it changes is not a change of this page. */
  readonly origin: object
  /** Called with each change of this page. */
  changed(doc: string, update: Uint8Array): void
  /** Called when a subdocument has what there is of it. */
  opened(doc: Y.Doc): void
}

/**
 * A document and its subdocuments, each under its guid, the main one under the empty string. A subdocument that is not
 * loaded here is kept as bytes, so that every member has all there is to give.
 */
export class DocSet {
  readonly #options: DocSetOptions
  readonly #docs = new Map<string, { readonly doc: Y.Doc; close(): void }>()
  readonly #shelf = new Map<string, Uint8Array[]>()
  /** Of what a state that was loaded had less than there is here: how much it had. Undefined: nothing was loaded. */
  #loaded: Map<string, Extent | 'all'> | undefined

  constructor(main: Y.Doc, options: DocSetOptions) {
    this.#options = options
    this.#open('', main)
  }

  /** Whether the state of the group was loaded, and is still to be compared with what is here. */
  get hasLoaded(): boolean {
    return this.#loaded !== undefined
  }

  /** The documents that are open here. */
  get docs(): Y.Doc[] {
    return [...this.#docs.values()].map(({ doc }) => doc)
  }

  /** Never throws: false for what is no update. */
  apply(guid: string, update: Uint8Array): boolean {
    const open = this.#docs.get(guid)
    try {
      if (open !== undefined) Y.applyUpdate(open.doc, update, this.#options.origin)
      else this.#shelve(guid, update)
      return true
    } catch (error) {
      if (!isUpdate(update)) return false
      // It was taken, and a handler of the application's failed at it.
      reportError(error)
      return true
    }
  }

  contents(): Map<string, Content> {
    const contents = new Map<string, Content>([...this.#docs].map(([guid, { doc }]) => [guid, doc]))
    for (const guid of this.#shelf.keys()) contents.set(guid, this.#onShelf(guid)!)
    return contents
  }

  save(): SavedContents {
    return [...this.contents()].map(([guid, content]) => [guid, updateSince(content)] as const)
  }

  /** Takes what another member saved beside what is here. */
  load(saved: unknown): void {
    const had = new Map<string, Extent | 'all'>()
    for (const entry of Array.isArray(saved) ? saved : []) {
      const [guid, update] = Array.isArray(entry) ? entry : []
      if (!isGuid(guid) || !isBytes(update)) continue
      const content = this.#docs.get(guid)?.doc ?? this.#onShelf(guid)
      const isNew = content === undefined || isEmpty(content)
      // A large one takes time to measure, and a newcomer has nothing to compare.
      const extent = isNew ? 'all' : measure(update)
      if (this.apply(guid, update)) had.set(guid, extent)
    }
    this.#loaded = had
  }

  /** What is here and was not in the state that was loaded. Once. */
  unloaded(): [doc: string, update: Uint8Array][] {
    const had = this.#loaded
    this.#loaded = undefined
    if (had === undefined) return []
    return this.beyond((guid) => had.get(guid))
  }

  /** What is here beyond what somebody has. */
  beyond(extent: (doc: string) => Extent | 'all' | undefined): [doc: string, update: Uint8Array][] {
    return [...this.contents()].flatMap(([guid, content]) => {
      const theirs = extent(guid) ?? nothing
      const update = theirs === 'all' ? undefined : beyond(theirs, content)
      return update === undefined ? [] : [[guid, update] as [string, Uint8Array]]
    })
  }

  /** Listens no more. */
  close(): void {
    for (const { close } of this.#docs.values()) close()
  }

  #open(guid: string, doc: Y.Doc): void {
    const { origin, changed } = this.#options
    const update = (bytes: Uint8Array, source: unknown): void => {
      if (source !== origin) changed(guid, bytes)
    }
    const subdocs = ({ loaded, removed }: { loaded: Set<Y.Doc>; removed: Set<Y.Doc> }): void => {
      for (const subdoc of removed) this.#put(subdoc)
      for (const subdoc of loaded) this.#take(subdoc)
    }
    doc.on('update', update)
    doc.on('subdocs', subdocs)
    const close = (): void => {
      doc.off('update', update)
      doc.off('subdocs', subdocs)
    }
    this.#docs.set(guid, { doc, close })
    for (const subdoc of doc.getSubdocs()) if (subdoc.shouldLoad) this.#take(subdoc)
  }

  /** A subdocument is wanted here: all that the group has of it is on the shelf. */
  #take(doc: Y.Doc): void {
    const { guid } = doc
    if (guid === '' || !isGuid(guid)) return
    const open = this.#docs.get(guid)?.doc
    if (open === doc) return
    // Two of one guid are one document: the one that was wanted last is shared, with all that the other has.
    if (open !== undefined) this.#put(open)
    const kept = this.#onShelf(guid)
    const update = beyond(kept === undefined ? nothing : extentOf(kept), doc)
    this.#shelf.delete(guid)
    this.#open(guid, doc)
    if (kept !== undefined) this.apply(guid, kept)
    if (update !== undefined) this.#options.changed(guid, update)
    this.#options.opened(doc)
  }

  /** A subdocument is put away here; others may have it open. */
  #put(doc: Y.Doc): void {
    const open = this.#docs.get(doc.guid)
    if (open?.doc !== doc) return
    open.close()
    this.#docs.delete(doc.guid)
    if (!isEmpty(doc)) this.#shelf.set(doc.guid, [Y.encodeStateAsUpdate(doc)])
  }

  #shelve(guid: string, update: Uint8Array): void {
    if (!this.#shelf.has(guid) && this.#shelf.size >= shelfMax) return
    // Reads it to its end: what is no update must not lie among the others.
    const checked = Y.mergeUpdates([update, nothing.deletes])
    const updates = this.#shelf.get(guid) ?? []
    updates.push(checked)
    this.#shelf.set(guid, updates.length < mergedAt ? updates : [Y.mergeUpdates(updates)])
  }

  #onShelf(guid: string): Uint8Array | undefined {
    const updates = this.#shelf.get(guid)
    if (updates === undefined) return undefined
    if (updates.length > 1) updates.splice(0, updates.length, Y.mergeUpdates(updates))
    return updates[0]
  }
}

/** Subdocuments that are kept without being loaded. */
const shelfMax = 65_536
/** So many updates of one of them are made into one. */
const mergedAt = 64

function isUpdate(bytes: Uint8Array): boolean {
  try {
    Y.decodeUpdate(bytes)
    return true
  } catch {
    return false
  }
}

function measure(update: Uint8Array): Extent {
  try {
    return extentOf(update)
  } catch {
    return nothing
  }
}
