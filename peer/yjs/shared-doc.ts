import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { reportError } from '../client/report-error.ts'
import { type Group, type GroupEvent, type Member, type Receipt, TuttiError } from '../index.ts'
import { Assembly, type SavedParts } from './assembly.ts'
import { CatchUp } from './catch-up.ts'
import { DocSet, type SavedContents } from './doc-set.ts'
import { type DocBody, type DocValue, readDocValue } from './doc-values.ts'
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
  /** Tells this page's document from those of all others. */
  readonly #by = crypto.getRandomValues(new Uint32Array(1))[0]!
  readonly #docs: DocSet
  readonly #presence: Presence | undefined
  readonly #assembly = new Assembly()
  readonly #sender: UpdateSender
  readonly #catchUp: CatchUp
  #group: DocGroup | undefined
  #detach: () => void = () => {}
  /** Changes of this page are kept to be sent; otherwise they will be found when all is compared. */
  #isGathering = false
  /** In a view, with the group's state. */
  #isMember = false
  /** It was shared, and is not any more: of what is still under way only edits count. */
  #isOut = false

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
    this.#catchUp = new CatchUp({
      by: this.#by,
      docs: this.#docs,
      sender: this.#sender,
      place: () => (this.#isMember ? placeIn(this.#group) : undefined),
      given: () => this.#given(),
    })
  }

  /** For the `save` of a group's state: all documents, as of now. */
  save(): SavedDoc {
    const self = this.#group?.self.id ?? ''
    return {
      docs: this.#docs.save(),
      parts: this.#assembly.save(),
      presence: this.#presence?.save(self) ?? [],
      holders: this.#catchUp.holders,
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
    this.#catchUp.load(holders)
    // A state made out of two comes to those who are members.
    if (!this.#isMember) return
    this.#catchUp.giveUnloaded()
    this.#catchUp.sayHello()
    if (this.#group?.status === 'member') this.#sender.open()
  }

  /** Takes a message of the group. Ignores what is not for it; never throws. */
  apply({ value, from }: { readonly value: unknown; readonly from: Pick<Member, 'id'> }): void {
    const said = readDocValue(value, this.tag)
    if (said === undefined) return
    if (said.by === this.#by) return this.#takeOwn(said, from.id)
    if (this.#isOut && said.op !== 'update') return
    this.#catchUp.heard(said, from.id)
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
    this.#isOut = false
    this.#keepOnly(group.view.members)
    if (group.status === 'member') this.#enter()
    // Until there is a quorum again.
    if (group.status === 'blocked') this.#isGathering = true
  }

  follow(event: GroupEvent): void {
    if (event.type === 'message') this.apply(event)
    if (event.type === 'view') this.#keepOnly(event.view.members, event.left.length + event.failed.length > 0)
    if (event.type !== 'status') return
    if (event.status === 'member') this.#enter()
    if (event.status === 'blocked') this.#sender.hold()
    if (event.status === 'rejoining' || event.status === 'left') this.#away()
    if (event.status === 'left') this.#keepOnly([])
  }

  /** Ends what `start` began. The others take this page's awareness away. */
  stop(): void {
    const group = this.#group
    if (group === undefined) return
    if (group.status === 'member') this.#say({ op: 'bye' })
    this.#detach = () => {}
    this.#away()
    this.#keepOnly([])
    this.#group = undefined
    this.#isOut = true
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
        // It began before this page was there.
        if (update === undefined) this.#catchUp.missed()
        else this.#docs.apply(said.doc, update)
        return
      }
      case 'part':
        return this.#assembly.add(from, said)
      case 'awareness':
        return void this.#presence?.apply(said.update, from)
      case 'hello':
        // A page that keeps no awareness may have given the newcomer its state.
        this.#presence?.announce()
        if (said.asks) this.#catchUp.answer(said, from)
        return
      case 'welcome':
        return this.#catchUp.welcomed(said)
      case 'bye':
        this.#assembly.drop(from, said.by)
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

  #enter(): void {
    this.#isGathering = true
    const isBack = this.#isMember
    this.#isMember = true
    if (isBack) this.#catchUp.sayHello()
    else {
      this.#catchUp.begin()
      this.#presence?.announce()
    }
    this.#sender.open()
  }

  /** Out of the group, for a while or for good. */
  #away(): void {
    this.#isGathering = false
    if (!this.#isMember) return
    this.#isMember = false
    this.#catchUp.end()
    this.#sender.clear()
    for (const doc of this.#docs.docs) doc.emit('sync', [false, doc])
  }

  #given(): void {
    for (const doc of this.#docs.docs) doc.emit('sync', [true, doc])
    this.#options.caughtUp?.()
  }

  /** What belongs to others than these is no more. */
  #keepOnly(members: readonly Member[], someGone = false): void {
    const ids = new Set<string>(members.map(({ id }) => id))
    this.#assembly.keepOnly(ids)
    this.#presence?.keepOnly(ids)
    this.#catchUp.keepOnly(ids, someGone)
  }

  /** Nothing is lost: all is compared again, now or when this page is a member again. */
  #failed(error: TuttiError): void {
    if (gone.has(error.code)) return
    if (error.fate !== undefined) {
      if (this.#isMember && this.#group?.status === 'member') this.#catchUp.askAgain()
      return
    }
    // What the group does not take now, it would not take a moment later.
    if (this.#options.failed === undefined) reportError(error)
    else this.#options.failed(error)
  }

  #tellPresence(update: Uint8Array): void {
    if (this.#isMember && this.#group?.status === 'member') this.#say({ op: 'awareness', update })
  }

  #cbcast(body: DocBody): PromiseLike<unknown> {
    if (this.#group === undefined) throw new TuttiError('left', 'this document is in no group')
    return heard(this.#group.cbcast({ tutti: this.tag, by: this.#by, ...body }))
  }

  /** What may be lost with a membership that ends: the next one says it again. */
  #say(body: DocBody): void {
    try {
      const receipt = this.#group?.fbcast({ tutti: this.tag, by: this.#by, ...body })
      if (receipt !== undefined) heard(receipt).then(undefined, () => {})
    } catch {
      // A full queue, or a group that was left a moment ago.
    }
  }
}

/** This page is no member any more, which is told by the group. */
const gone: ReadonlySet<string> = new Set(['left', 'closed', 'excluded'])

function placeIn(group: DocGroup | undefined): { self: Member; members: readonly Member[] } | undefined {
  return group && { self: group.self, members: group.view.members }
}

/** What becomes of it is known here in any case, and no event of the group has to tell. */
function heard(receipt: Receipt): Receipt {
  receipt.stable.catch(() => {})
  return receipt
}
