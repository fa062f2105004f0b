import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { type Group, type GroupEvent, type Member, type Receipt, TuttiError } from '../index.ts'
import { Assembly, type SavedParts } from './assembly.ts'
import { DocSet, type SavedContents } from './doc-set.ts'
import { type DocBody, type DocExtent, type DocValue, readDocValue } from './doc-values.ts'
import { type Content, extentOf, isEmpty, updateSince, vectorOf } from './extent.ts'
import { Presence, type SavedPresence } from './presence.ts'
import { checkDoc, checkOptions, type SharedDocOptions } from './shared-doc-options.ts'
import { UpdateSender } from './update-sender.ts'

/** A shared document as a group's state. Its shape is nobody's business, and changes. */
export interface SavedDoc {
  readonly docs: SavedContents
  readonly parts: SavedParts
  readonly presence: SavedPresence
  /** The members that have the document. */
  readonly holders: readonly string[]
}

/** What it needs of a group. */
export type DocGroup = Pick<
  Group,
  'self' | 'view' | 'status' | 'cbcast' | 'fbcast' | 'addEventListener' | 'removeEventListener'
>

/**
 * A Yjs document, its subdocuments and its awareness in a group that an application has joined itself. `TuttiProvider` is
 * this with a group of its own.
 *
 * Where the group has a state, give it this document's `save` and `load` as a part of it. Without, those who come later
 * are told what they lack by one who has it.
 */
export class SharedDoc {
  readonly doc: Y.Doc
  readonly awareness: Awareness | undefined
  readonly tag: string
  readonly #options: SharedDocOptions
  readonly #by = crypto.getRandomValues(new Uint32Array(1))[0]!
  readonly #docs: DocSet
  readonly #presence: Presence | undefined
  readonly #assembly = new Assembly()
  readonly #sender: UpdateSender
  /** The members that are known to have the document. */
  readonly #holders = new Set<string>()
  #group: DocGroup | undefined
  #detach: () => void = () => {}
  /** Changes of this page are kept to be sent; otherwise they will be found when all is compared. */
  #isGathering = false
  #isMember = false
  /** This page has asked what it lacks, and was not answered yet. */
  #isAsking = false

  /** Throws a TuttiError: `invalid-option`. */
  constructor(doc: Y.Doc, options: SharedDocOptions = {}) {
    checkDoc(doc)
    checkOptions(options)
    this.doc = doc
    this.awareness = options.awareness
    this.tag = options.tag ?? 'yjs'
    this.#options = options
    this.#sender = new UpdateSender({ cast: (body) => this.#cbcast(body), failed: (error) => this.#failed(error) })
    this.#docs = new DocSet(doc, {
      origin: this,
      changed: (guid, update) => this.#isGathering && this.#sender.push(guid, update),
      opened: (subdoc) => this.#isMember && subdoc.emit('sync', [true, subdoc]),
    })
    this.#presence = options.awareness && new Presence(options.awareness, this, (update) => this.#tellPresence(update))
  }

  /** For the `save` of a group's state: all documents, as of now. */
  save(): SavedDoc {
    const self = this.#group?.self.id ?? ''
    return {
      docs: this.#docs.save(),
      parts: this.#assembly.save(),
      presence: this.#presence?.save(self) ?? [],
      holders: [...this.#holders],
    }
  }

  /** For its `load`: takes what was saved, and keeps what is here beside it. Never throws. */
  load(saved: unknown): void {
    const { docs, parts, presence, holders } = (saved ?? {}) as Partial<SavedDoc>
    if (!Array.isArray(docs)) return
    // What was changed before is found by comparing; what is changed from here on is sent as a change.
    this.#sender.clear()
    this.#isGathering = true
    this.#docs.load(docs)
    this.#assembly.load(parts)
    this.#presence?.load(presence)
    for (const holder of Array.isArray(holders) ? holders : []) this.#holders.add(String(holder))
    // A state made out of two comes to those who are members.
    if (!this.#isMember) return
    this.#pushUnloaded()
    if (this.#group?.status === 'member') this.#sender.open()
  }

  /** Takes a message of the group. Ignores what is not for it; never throws. */
  apply({ value, from }: { readonly value: unknown; readonly from: Pick<Member, 'id'> }): void {
    const said = readDocValue(value, this.tag)
    if (said === undefined) return
    if (said.by === this.#by) return this.#takeOwn(said, from.id)
    if (said.op === 'bye') this.#holders.delete(from.id)
    else this.#holders.add(from.id)
    this.#take(said, from.id)
  }

  /**
   * Shares the document in this group from now on, until the returned function is called. Call it as soon as `join` has
   * resolved, before anything else is awaited. Throws a TuttiError: `invalid-option` (it is in a group already).
   */
  attach(group: DocGroup): () => void {
    this.start(group)
    const follow = (event: GroupEvent): void => this.follow(event)
    const types = ['view', 'status', 'message'] as const
    for (const type of types) group.addEventListener(type, follow)
    const detach = (): void => {
      for (const type of types) group.removeEventListener(type, follow)
      this.stop()
    }
    this.#detach = detach
    return () => this.#detach === detach && detach()
  }

  /** As `attach`, for one who hands over the group's events: each to `follow`, or a message to `apply`. */
  start(group: DocGroup): void {
    if (this.#group !== undefined) {
      throw new TuttiError(
        'invalid-option',
        'this document is shared in a group already: detach it from that one first',
      )
    }
    this.#group = group
    this.#follow(group.view.members)
    if (group.status === 'member') this.#enter()
    // Until there is a quorum again.
    if (group.status === 'blocked') this.#isGathering = true
  }

  follow(event: GroupEvent): void {
    if (event.type === 'message') this.apply(event)
    if (event.type === 'view') this.#view(event)
    if (event.type !== 'status') return
    if (event.status === 'member') this.#enter()
    if (event.status === 'blocked') this.#sender.hold()
    if (event.status === 'rejoining' || event.status === 'left') this.#away()
    if (event.status === 'left') this.#follow([])
  }

  /** Ends what `start` began. The others take this page's awareness away. */
  stop(): void {
    const group = this.#group
    if (group === undefined) return
    if (group.status === 'member') this.#say('fbcast', { op: 'bye' })
    this.#detach = () => {}
    this.#away()
    this.#follow([])
    this.#group = undefined
  }

  /** Ends for good: the document is shared no more, and lives on. */
  destroy(): void {
    this.#detach()
    this.stop()
    this.#docs.close()
    this.#presence?.close()
  }

  /** The member whose page this client of the awareness is. */
  memberOf(client: number): string | undefined {
    return client === this.awareness?.clientID ? this.#group?.self.id : this.#presence?.memberOf(client)
  }

  #take(said: DocValue, from: string): void {
    switch (said.op) {
      case 'update': {
        const update = 'update' in said ? said.update : this.#assembly.take(from, said)
        if (update !== undefined) this.#docs.apply(said.doc, update)
        return
      }
      case 'part':
        return this.#assembly.add(from, said)
      case 'awareness':
        return void this.#presence?.apply(said.update, from)
      case 'hello':
        // A page that keeps no awareness may have given the newcomer its state.
        this.#presence?.announce()
        if (said.asks && this.#isToAnswer(from)) this.#answer(said.by, said.docs)
        return
      case 'welcome':
        if (said.to === this.#by) this.#welcomed(said.docs)
        return
      case 'bye':
        this.#presence?.remove(from)
        // Another document of this page: the others took this one's state away with it.
        if (from === this.#group?.self.id) this.#presence?.announce()
        return
    }
  }

  /** What this page says it has already, but for parts: they belong to the state that others are given. */
  #takeOwn(said: DocValue, from: string): void {
    if (said.op === 'part') this.#assembly.add(from, said)
    if (said.op === 'update' && 'series' in said) this.#assembly.take(from, said)
  }

  /** In a view, with the group's state. */
  #enter(): void {
    this.#isGathering = true
    if (this.#isMember) {
      this.#sayHello()
      return this.#sender.open()
    }
    this.#isMember = true
    if (this.#docs.hasLoaded) this.#pushUnloaded()
    else this.#ask()
    this.#presence?.announce()
    if (!this.#isAsking) this.#sayHello()
    this.#sender.open()
  }

  /** What the group's state did not have. */
  #pushUnloaded(): void {
    for (const [guid, update] of this.#docs.unloaded()) this.#sender.push(guid, update)
  }

  /** Behind all that this page had to give. */
  #sayHello(): void {
    const sent = (): void => {
      for (const doc of this.#docs.docs) doc.emit('sync', [true, doc])
      this.#options.caughtUp?.()
    }
    this.#sender.pushLast(() => ({ op: 'hello', asks: false, docs: [] }), sent)
  }

  /** Out of the group, for a while or for good. */
  #away(): void {
    this.#isGathering = false
    if (!this.#isMember) return
    this.#isMember = false
    this.#isAsking = false
    this.#sender.clear()
    for (const doc of this.#docs.docs) doc.emit('sync', [false, doc])
  }

  /** What this page lacks, of one who has more. Whoever is alone lacks nothing. */
  #ask(): void {
    this.#isAsking = (this.#group?.view.members.length ?? 0) > 1
    if (!this.#isAsking) return
    const docs = [...this.#docs.contents()].map(([doc, content]) => ({ doc, vector: vectorOf(content) }))
    this.#say('cbcast', { op: 'hello', asks: true, docs })
  }

  #view({ view, left, failed }: Extract<GroupEvent, { type: 'view' }>): void {
    this.#follow(view.members)
    // Whoever was about to answer may be gone.
    if (this.#isMember && this.#isAsking && left.length + failed.length > 0) this.#askAgain()
  }

  #askAgain(): void {
    this.#ask()
    if (!this.#isAsking) this.#sayHello()
  }

  /** What belongs to others than these is no more. */
  #follow(members: readonly Member[]): void {
    const ids = new Set<string>(members.map(({ id }) => id))
    for (const holder of this.#holders) if (!ids.has(holder)) this.#holders.delete(holder)
    this.#assembly.keepOnly(ids)
    this.#presence?.keepOnly(ids)
  }

  /** The eldest that has the document, other than the one who asks. */
  #isToAnswer(asker: string): boolean {
    const { self, view } = this.#group ?? {}
    if (self === undefined || !this.#isMember) return false
    const first = view?.members.find(({ id }) => id !== asker && (id === self.id || this.#holders.has(id)))
    return first?.id === self.id
  }

  #answer(to: number, known: readonly { readonly doc: string; readonly vector: Uint8Array }[]): void {
    const vectors = new Map(known.map(({ doc, vector }) => [doc, vector]))
    const contents = this.#docs.contents()
    for (const [doc, content] of contents) {
      const update = attempt(() => updateSince(content, vectors.get(doc)))
      if (update !== undefined && !isEmpty(update)) this.#sender.push(doc, update)
    }
    // Whoever is the eldest that has the document has nobody to be answered by.
    this.#answered()
    this.#sender.pushLast(() => ({ op: 'welcome', to, docs: extentsOf(this.#docs.contents()) }))
  }

  /** What this page has beyond the one who answered is for all. */
  #welcomed(docs: readonly DocExtent[]): void {
    const extents = new Map(docs.map((extent) => [extent.doc, extent]))
    const lacking = attempt(() => this.#docs.beyond((doc) => extents.get(doc))) ?? []
    for (const [doc, update] of lacking) this.#sender.push(doc, update)
    this.#answered()
  }

  #answered(): void {
    if (this.#isAsking) this.#sayHello()
    this.#isAsking = false
  }

  /** Nothing is lost: all is compared again, now or when this page is a member again. */
  #failed(error: TuttiError): void {
    if (gone.has(error.code)) return
    // What the group does not take now, it would not take a moment later.
    if (error.fate === undefined) this.#options.failed?.(error)
    else if (this.#isMember && this.#group?.status === 'member') this.#askAgain()
  }

  #tellPresence(update: Uint8Array): void {
    if (this.#isMember && this.#group?.status === 'member') this.#say('fbcast', { op: 'awareness', update })
  }

  #cbcast(body: DocBody): PromiseLike<unknown> {
    if (this.#group === undefined) throw new TuttiError('left', 'this document is in no group')
    return heard(this.#group.cbcast({ tutti: this.tag, by: this.#by, ...body }))
  }

  /** What may be lost with a membership that ends: the next one says it again. */
  #say(kind: 'cbcast' | 'fbcast', body: DocBody): void {
    try {
      const receipt = this.#group?.[kind]({ tutti: this.tag, by: this.#by, ...body })
      if (receipt !== undefined) heard(receipt).then(undefined, () => {})
    } catch {
      // A full queue, or a group that was left a moment ago.
    }
  }
}

/** This page is no member any more, which is told by the group. */
const gone: ReadonlySet<string> = new Set(['left', 'closed', 'excluded'])

/** What becomes of it is known here in any case, and no event of the group has to tell. */
function heard(receipt: Receipt): Receipt {
  receipt.stable.catch(() => {})
  return receipt
}

function extentsOf(contents: ReadonlyMap<string, Content>): DocExtent[] {
  return [...contents].map(([doc, content]) => ({ doc, ...extentOf(content) }))
}

/** What was made of another page's bytes; undefined where they are none of Yjs's. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
