import type { Member } from '../index.ts'
import type { DocSet } from './doc-set.ts'
import type { DocExtent, DocValue, DocVector } from './doc-values.ts'
import { type Content, extentOf, isEmpty, updateSince, vectorOf } from './extent.ts'
import type { UpdateSender } from './update-sender.ts'

export interface CatchUpOptions {
  /** Tells this page from all others. */
  readonly by: number
  readonly docs: DocSet
  readonly sender: UpdateSender
  /** Where this page stands in the group; undefined while it is no member. */
  place(): { readonly self: Member; readonly members: readonly Member[] } | undefined
  /** All that is here has been given to the group. */
  given(): void
}

/**
 * How a page comes to have what the others have, and they what it has. Where the group's state holds the document, the two
 * are compared. Elsewhere the page asks, and says how much it has: the eldest that has the document tells all the rest of it,
 * and how much that makes; what the page has beyond it, it tells all in turn.
 */
export class CatchUp {
  readonly #options: CatchUpOptions
  /** The members that are known to have the document. */
  readonly #holders = new Set<string>()
  /** This page has asked what it lacks, and was not answered yet. */
  #isAsking = false

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  get holders(): readonly string[] {
    return [...this.#holders]
  }

  /** Takes the holders that a member of the group has saved. */
  load(holders: unknown): void {
    for (const holder of Array.isArray(holders) ? holders : []) this.#holders.add(String(holder))
  }

  /** A page of this member has said something about the document. */
  heard({ op }: DocValue, from: string): void {
    if (op === 'bye') this.#holders.delete(from)
    else this.#holders.add(from)
  }

  /** Only these are members. `someGone`: whoever was about to answer may be gone. */
  keepOnly(members: ReadonlySet<string>, someGone: boolean): void {
    for (const holder of this.#holders) if (!members.has(holder)) this.#holders.delete(holder)
    if (this.#isAsking && someGone) this.askAgain()
  }

  /** This page has become a member. */
  begin(): void {
    if (this.#options.docs.hasLoaded) this.giveUnloaded()
    else this.#ask()
    if (!this.#isAsking) this.sayHello()
  }

  /** It is none any more. */
  end(): void {
    this.#isAsking = false
  }

  /** What the group's state did not have. With that loaded, there is nothing to ask for. */
  giveUnloaded(): void {
    const { docs, sender } = this.#options
    this.#isAsking = false
    for (const [guid, update] of docs.unloaded()) sender.push(guid, update)
  }

  /** Behind all that this page had to give. */
  sayHello(): void {
    const { sender, given } = this.#options
    sender.pushLast(() => ({ op: 'hello', asks: false, docs: [] }), given)
  }

  /** Something went by that this page could not take. */
  missed(): void {
    if (!this.#isAsking && this.#options.place() !== undefined) this.askAgain()
  }

  askAgain(): void {
    this.#ask()
    if (!this.#isAsking) this.sayHello()
  }

  /** Answers one who asks, if it is for this page to do so. */
  answer({ by, docs: known }: Extract<DocValue, { op: 'hello' }>, from: string): void {
    if (!this.#isToAnswer(from)) return
    const { docs, sender } = this.#options
    const vectors = new Map(known.map(({ doc, vector }) => [doc, vector]))
    for (const [doc, content] of docs.contents()) {
      const update = attempt(() => updateSince(content, vectors.get(doc)))
      if (update !== undefined && !isEmpty(update)) sender.push(doc, update)
    }
    // Whoever is the eldest that has the document has nobody to be answered by.
    this.#answered()
    sender.pushLast(() => ({ op: 'welcome', to: by, docs: extentsOf(docs.contents()) }))
  }

  /** Another page has told all that it has: what this one has beyond that is for all. */
  welcomed({ to, docs: theirs }: Extract<DocValue, { op: 'welcome' }>): void {
    const { by, docs, sender } = this.#options
    if (to !== by) return
    const extents = new Map(theirs.map((extent) => [extent.doc, extent]))
    const lacking = attempt(() => docs.beyond((doc) => extents.get(doc))) ?? []
    for (const [doc, update] of lacking) sender.push(doc, update)
    this.#answered()
  }

  /** Whoever is alone lacks nothing. */
  #ask(): void {
    const { docs, sender, place } = this.#options
    this.#isAsking = (place()?.members.length ?? 0) > 1
    if (this.#isAsking) sender.pushLast(() => ({ op: 'hello', asks: true, docs: vectorsOf(docs.contents()) }))
  }

  /** The eldest that has the document, other than the one who asks. */
  #isToAnswer(asker: string): boolean {
    const { self, members } = this.#options.place() ?? {}
    const first = members?.find(({ id }) => id !== asker && (id === self?.id || this.#holders.has(id)))
    return first !== undefined && first.id === self?.id
  }

  #answered(): void {
    if (this.#isAsking) this.sayHello()
    this.#isAsking = false
  }
}

function vectorsOf(contents: ReadonlyMap<string, Content>): DocVector[] {
  return [...contents].map(([doc, content]) => ({ doc, vector: vectorOf(content) }))
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
