import { ObservableV2 } from 'lib0/observable'
import { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { connect, type Group, type GroupEvent, type Peer, type TuttiError } from '../index.ts'
import { connectOptions, type ProviderOptions, readOptions } from './provider-options.ts'
import { type SavedDoc, SharedDoc } from './shared-doc.ts'
import { checkDoc } from './shared-doc-options.ts'

/** The events of a provider, each with one argument. */
export interface ProviderEvents {
  /** Whether this page is in the group has changed. */
  status(event: { connected: boolean }): void
  /** This page has all that the group has, and has given it all that it lacked; or is out of the group. */
  synced(event: { synced: boolean }): void
  /** Others came or went, or this page did: member ids. `bcPeers` is always empty: tabs of one browser are peers like all others. */
  peers(event: { added: string[]; removed: string[]; webrtcPeers: string[]; bcPeers: string[] }): void
  /** Joining failed, the server refused something, or something is amiss in the group. What was not sent is no error: it is sent again. */
  error(error: TuttiError): void
}

type Events = { [Name in keyof ProviderEvents]: ProviderEvents[Name] }

/**
 * Keeps a Yjs document, its loaded subdocuments and its awareness the same at all members of a group, which it joins at
 * once: the group has the name of the room. Edits made while this page is on its own are merged when it is back.
 *
 * ```ts
 * const provider = new TuttiProvider('planning-room', ydoc, { signaling: 'https://signal.example.org', name: 'Ada' })
 * provider.on('synced', ({ synced }) => console.log(synced))
 * ```
 */
export class TuttiProvider extends ObservableV2<Events> {
  readonly roomName: string
  readonly doc: Y.Doc
  /** Who is where. A member's states go with it, at once. */
  readonly awareness: Awareness
  /** Whether it is to be in the group: from `connect()` to `disconnect()`. */
  shouldConnect = false
  /** Why joining failed last, or the group was left. */
  error: TuttiError | undefined
  readonly #options: ProviderOptions
  readonly #shared: SharedDoc
  readonly #ownsAwareness: boolean
  #attempt: Attempt | undefined
  /** The other members, as last told. */
  #others: readonly string[] = []
  #connected = false
  #synced = false

  /**
   * @param roomName - name of the group, 1 to 128 characters
   * @param doc - the document; its destruction is the provider's
   * @throws TuttiError `invalid-option`, `unsupported`
   */
  constructor(roomName: string, doc: Y.Doc, options: ProviderOptions) {
    super()
    checkDoc(doc)
    const { awareness, startsAtOnce } = readOptions(roomName, options)
    this.roomName = roomName
    this.doc = doc
    this.#options = options
    this.#ownsAwareness = awareness === undefined
    this.awareness = awareness ?? new Awareness(doc)
    this.#shared = new SharedDoc(doc, {
      awareness: this.awareness,
      caughtUp: () => this.#showSynced(true),
      failed: (error) => this.#tell(error),
    })
    doc.on('destroy', this.#docDestroyed)
    try {
      if (startsAtOnce) this.connect()
    } catch (error) {
      // Nobody will hold it who could.
      this.destroy()
      throw error
    }
  }

  /** Whether this page is in the group, and can exchange edits now. */
  get connected(): boolean {
    return this.#connected
  }

  /** Whether this page has all that the group has, and the group all that it has. */
  get synced(): boolean {
    return this.#synced
  }

  /** The group, from joining on; null outside it. */
  get group(): Group<unknown, SavedDoc> | null {
    return this.#attempt?.group ?? null
  }

  /** The peer that is in it: the one that was given, or its own. */
  get peer(): Peer | null {
    return this.#attempt?.peer ?? null
  }

  /** Joins the group. No effect while it is there or on its way. Throws a TuttiError, as `connect` of 'tutti' does. */
  connect(): void {
    if (this.shouldConnect) return
    const given = this.#options.peer ?? undefined
    const peer = given ?? connect(connectOptions(this.#options))
    const attempt: Attempt = { peer, isOwn: given === undefined, cancel: new AbortController(), group: undefined }
    this.shouldConnect = true
    this.error = undefined
    this.#attempt = attempt
    // What befalls a peer that was given is told to whoever gave it.
    if (attempt.isOwn) peer.addEventListener('error', ({ error }) => attempt === this.#attempt && this.#tell(error))
    this.#join(attempt).then(
      (group) => this.#joined(attempt, group),
      (error: TuttiError) => this.#ended(attempt, error),
    )
  }

  /** Leaves the group. What is edited from now on is merged at the next `connect()`. */
  disconnect(): void {
    const attempt = this.#attempt
    this.shouldConnect = false
    this.#attempt = undefined
    if (attempt !== undefined) this.#leave(attempt)
    this.#showPeers([])
    this.#showConnected(false)
  }

  /** Leaves the group and listens no more. The document lives on. */
  override destroy(): void {
    this.doc.off('destroy', this.#docDestroyed)
    this.disconnect()
    this.#shared.destroy()
    if (this.#ownsAwareness) this.awareness.destroy()
    super.destroy()
  }

  readonly #docDestroyed = (): void => this.destroy()

  #join({ peer, cancel }: Attempt): Promise<Group<unknown, SavedDoc>> {
    const { onQuorumLoss = 'fork' } = this.#options
    return peer.join<unknown, SavedDoc>(this.roomName, {
      state: { save: () => this.#shared.save(), load: (saved) => this.#shared.load(saved) },
      // Edits merge whatever side they were made on: nobody needs to wait for a quorum.
      onQuorumLoss,
      signal: cancel.signal,
    })
  }

  #joined(attempt: Attempt, group: Group<unknown, SavedDoc>): void {
    attempt.group = group
    if (attempt !== this.#attempt) return this.#leave(attempt)
    for (const type of ['view', 'status', 'error'] as const) {
      group.addEventListener(type, (event) => this.#take(attempt, event))
    }
    attempt.detach = this.#shared.attach(group)
    this.#showConnected(group.status === 'member')
    this.#showPeers(othersIn(group))
  }

  #take(attempt: Attempt, event: GroupEvent): void {
    const { group } = attempt
    if (attempt !== this.#attempt || group === undefined) return
    if (event.type === 'view') this.#showPeers(othersIn(group))
    if (event.type === 'status') this.#showConnected(event.status === 'member')
    if (event.type === 'status' && event.status === 'left') this.#ended(attempt, this.error)
    if (event.type !== 'error') return
    // A multicast that was not sent is compared for and sent again.
    if (event.error.fate === undefined) this.#tell(event.error)
  }

  /** The attempt is over, and not because it was called off. */
  #ended(attempt: Attempt, error: TuttiError | undefined): void {
    if (attempt !== this.#attempt) return
    const isTold = error === this.error
    this.disconnect()
    if (error !== undefined && !isTold) this.#tell(error)
  }

  #leave({ peer, isOwn, cancel, group, detach }: Attempt): void {
    cancel.abort()
    detach?.()
    // What is delivered until it is out is part of the document: whoever sent it may rely on that.
    group?.addEventListener('message', (event) => this.#shared.apply(event))
    // Both settle in any case; what fails by it has been told.
    if (isOwn) void peer.close()
    else void group?.leave()
  }

  #tell(error: TuttiError): void {
    this.error = error
    this.emit('error', [error])
  }

  #showConnected(connected: boolean): void {
    if (!connected) this.#showSynced(false)
    if (connected === this.#connected) return
    this.#connected = connected
    this.emit('status', [{ connected }])
  }

  #showSynced(synced: boolean): void {
    if (synced === this.#synced) return
    this.#synced = synced
    this.emit('synced', [{ synced }])
  }

  #showPeers(others: readonly string[]): void {
    const before = this.#others
    const added = others.filter((id) => !before.includes(id))
    const removed = before.filter((id) => !others.includes(id))
    this.#others = others
    if (added.length + removed.length === 0) return
    this.emit('peers', [{ added, removed, webrtcPeers: [...others], bcPeers: [] }])
  }
}

function othersIn({ self, view }: Group<unknown, SavedDoc>): string[] {
  return view.members.map(({ id }) => id).filter((id) => id !== self.id)
}

/** From `connect()` to the end of that membership. */
interface Attempt {
  readonly peer: Peer
  readonly isOwn: boolean
  readonly cancel: AbortController
  group: Group<unknown, SavedDoc> | undefined
  /** Takes the document out of the group. */
  detach?: () => void
}
