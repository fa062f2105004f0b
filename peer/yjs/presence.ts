import { createDecoder, readVarString, readVarUint } from 'lib0/decoding'
import {
  type Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import { reportError } from '../client/report-error.ts'

export type SavedPresence = readonly (readonly [member: string, update: Uint8Array])[]

interface Change {
  readonly added: readonly number[]
  readonly updated: readonly number[]
  readonly removed: readonly number[]
}

/**
 * Awareness that follows the view: each state belongs to the member that told of it, and goes when that member goes. No
 * state of somebody who is gone is left, and none times out while its member is there.
 */
export class Presence {
  readonly #awareness: Awareness
  readonly #origin: object
  readonly #send: (update: Uint8Array) => void
  /** Who told of a client's state. */
  readonly #owners = new Map<number, string>()
  readonly #changed = new Set<number>()

  /**
   * @param origin - of all that is applied here
   * @param send - takes what this page has to tell
   */
  constructor(awareness: Awareness, origin: object, send: (update: Uint8Array) => void) {
    this.#awareness = awareness
    this.#origin = origin
    this.#send = send
    awareness.on('update', this.#update)
  }

  /** The member that told of this client's state. */
  memberOf(client: number): string | undefined {
    return this.#owners.get(client)
  }

  /** Never throws: false for what is no awareness update. */
  apply(update: Uint8Array, member: string): boolean {
    const clients = clientsOf(update)
    if (clients === undefined) return false
    try {
      applyAwarenessUpdate(this.#awareness, update, this.#origin)
    } catch (error) {
      // A handler of the application's.
      reportError(error)
    }
    for (const client of clients) this.#own(client, member)
    return true
  }

  /** Tells of this page's own state, as one that is newer than all before: others may have taken it for gone. */
  announce(): void {
    const state = this.#awareness.getLocalState()
    if (state !== null) this.#awareness.setLocalState(state)
  }

  /** All states, this page's own among them, in the name of `self`. */
  save(self: string): SavedPresence {
    const clients = new Map<string, number[]>()
    for (const client of this.#awareness.getStates().keys()) {
      const member = this.#owners.get(client) ?? self
      clients.set(member, [...(clients.get(member) ?? []), client])
    }
    return [...clients].map(([member, ids]) => [member, encodeAwarenessUpdate(this.#awareness, ids)] as const)
  }

  load(saved: unknown): void {
    for (const entry of Array.isArray(saved) ? saved : []) {
      const [member, update] = Array.isArray(entry) ? entry : []
      if (typeof member === 'string' && update instanceof Uint8Array) this.apply(update, member)
    }
  }

  /** Removes the states of all who are not among these. */
  keepOnly(members: ReadonlySet<string>): void {
    this.#removeWhere((member) => !members.has(member))
  }

  remove(gone: string): void {
    this.#removeWhere((member) => member === gone)
  }

  close(): void {
    this.#awareness.off('update', this.#update)
    this.keepOnly(new Set())
  }

  readonly #update = ({ added, updated, removed }: Change, origin: unknown): void => {
    if (origin === this.#origin) return
    if (this.#changed.size === 0) queueMicrotask(() => this.#tell())
    for (const client of [...added, ...updated, ...removed]) this.#changed.add(client)
  }

  #removeWhere(isGone: (member: string) => boolean): void {
    const gone = [...this.#owners].filter(([, member]) => isGone(member)).map(([client]) => client)
    for (const client of gone) this.#owners.delete(client)
    if (gone.length > 0) removeAwarenessStates(this.#awareness, gone, this.#origin)
    // Whoever comes back, or is met again, is to be taken as it is, however old its clock.
    for (const client of gone) this.#awareness.meta.delete(client)
  }

  #own(client: number, member: string): void {
    const { clientID, states, meta } = this.#awareness
    // The state of this page is its own, whatever others say.
    if (client === clientID || !states.has(client)) return
    this.#owners.set(client, member)
    // The view says when it is over, and no clock: that of a tab in the background may tick once a minute.
    const about = meta.get(client)
    if (about !== undefined) about.lastUpdated = Number.POSITIVE_INFINITY
  }

  #tell(): void {
    const clients = [...this.#changed].filter((client) => this.#awareness.meta.has(client))
    this.#changed.clear()
    if (clients.length > 0) this.#send(encodeAwarenessUpdate(this.#awareness, clients))
  }
}

/** Whose states an awareness update holds; undefined where it is none. */
function clientsOf(update: Uint8Array): number[] | undefined {
  try {
    const decoder = createDecoder(update)
    return Array.from({ length: readVarUint(decoder) }, () => {
      const client = readVarUint(decoder)
      readVarUint(decoder)
      JSON.parse(readVarString(decoder))
      return client
    })
  } catch {
    return undefined
  }
}
