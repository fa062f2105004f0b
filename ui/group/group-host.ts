import type {
  CastOptions,
  ConnectOptions,
  Group,
  GroupEvent,
  Member,
  Peer,
  Receipt,
  TuttiError,
} from '../../peer/index.ts'
import { connect } from '../../peer/index.ts'
import { isLocal, openLocal, tellVisitor } from './introducer.ts'
import { Parts, type SavedParts } from './parts.ts'
import { type Profile, Profiles } from './profiles.ts'

/** Where a page stands: `joined` from the first view on, whatever the group's own status is then. */
export type Phase = 'idle' | 'joining' | 'joined' | 'failed' | 'left'

export interface JoinSettings {
  /** The address of a server; `local:` or `local:some-name`: between the tabs of one browser, without a server. */
  readonly signaling: ConnectOptions['signaling']
  readonly room: string
  readonly profile: { readonly name: string; readonly color?: number }
  /** What `connect` takes besides. */
  readonly options?: Partial<ConnectOptions> | undefined
}

/** A way to multicast: the method of the group. */
export type CastWay = 'cbcast' | 'abcast' | 'fbcast'

export interface Departed extends Profile {
  readonly id: string
  readonly failed: boolean
}

/**
 * One page's place in one group, for the elements: the group, what is known before and after it, and the parts whose
 * state travels with it.
 * @event change - something that is shown may have changed
 * @event trouble - a `Trouble`: a call, the group or a word with the server failed, or a share of the state is not kept
 */
export class GroupHost extends EventTarget {
  group: Group<unknown, SavedParts> | null = null
  peer: Peer | undefined
  phase: Phase = 'idle'
  /** Why joining failed, or why the group was left where that was not asked for. */
  error: unknown
  departed: readonly Departed[] = []
  readonly parts = new Parts((name) => this.dispatchEvent(new Trouble(shareLost(name))))
  readonly profiles = new Profiles()
  readonly #listeners = new Set<(event: GroupEvent<unknown>) => void>()
  readonly #cancel = new AbortController()
  /** An error that is no multicast's: it may be the one that ends this membership. */
  #ending: TuttiError | undefined

  constructor() {
    super()
    this.parts.register('profile', this.profiles)
  }

  /** Resolves with the group, or rejects with the reason, which `error` keeps unless it is `leave`. Once. */
  async join(settings: JoinSettings): Promise<Group<unknown, SavedParts>> {
    const { signaling, room } = settings
    this.phase = 'joining'
    try {
      const introducer = isLocal(signaling) ? await openLocal(signaling) : signaling
      this.#cancel.signal.throwIfAborted()
      this.peer = connect({ ...settings.options, signaling: introducer, ...memberInfo(settings) })
      this.peer.addEventListener('signaling', () => this.#changed())
      this.peer.addEventListener('error', ({ error }) => this.dispatchEvent(new Trouble(error)))
      this.#changed()
      const group = await this.peer.join<unknown, SavedParts>(room, {
        state: { save: () => this.parts.save(), load: (state) => this.parts.load(state) },
        // Whether to go on alone is for the visitor to say, who knows whether the others wait for them: <tutti-status> asks.
        onQuorumLoss: 'block',
        // What was written and drawn on both sides is to be there in the end.
        onMerge: 'replay',
        signal: this.#cancel.signal,
      })
      this.#cancel.signal.throwIfAborted()
      this.#enter(group)
      return group
    } catch (cause) {
      const error = tellVisitor(cause)
      const isAsked = this.#cancel.signal.aborted
      if (!isAsked) this.error = error
      this.phase = isAsked ? 'left' : 'failed'
      this.#changed()
      void this.peer?.close()
      throw error
    }
  }

  /** Leaves the group, or gives up joining it. Settles when all is closed. */
  async leave(): Promise<void> {
    this.#cancel.abort()
    this.phase = 'left'
    this.#changed()
    await this.group?.leave()
    await this.peer?.close()
  }

  /** Hands over every event of the group from now on, in order. Returns what ends it. */
  observe(listener: (event: GroupEvent<unknown>) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Multicasts for a part. False where that can't be done now: not in a view, or for a reason that comes as `trouble`. */
  cast(kind: CastWay, value: { tutti: string }): boolean {
    return this.send(kind, value) !== undefined
  }

  /**
   * As `cast`, for who wants to know what became of it, or to take it back. `value` may hold whatever the default codec
   * takes: a Uint8Array or a Blob, too. A receipt that fails with nobody waiting for it comes as `trouble`.
   */
  send(kind: CastWay, value: { tutti: string }, options?: CastOptions): Receipt | undefined {
    try {
      // What is multicast while coming back is not sent: better that a chat keeps its line.
      if (this.group === null || this.group.status === 'rejoining') return undefined
      return this.group[kind](value, options)
    } catch (error) {
      this.dispatchEvent(new Trouble(error as TuttiError))
      return undefined
    }
  }

  /**
   * Multicasts by FBCAST what is worth something only at once, as where a pointer is: not while anything holds it up, and
   * without a word where it is lost.
   */
  sendFleeting(value: { tutti: string }): Receipt | undefined {
    const receipt = this.group?.status === 'member' ? this.send('fbcast', value) : undefined
    receipt?.then(undefined, () => {})
    return receipt
  }

  profileOf(member: Member): Profile {
    return this.profiles.of(member)
  }

  #enter(group: Group<unknown, SavedParts>): void {
    this.group = group
    this.phase = 'joined'
    for (const type of ['view', 'message', 'status', 'state', 'merge', 'error'] as const) {
      group.addEventListener(type, (event) => this.#take(event))
    }
    this.#changed()
  }

  #take(event: GroupEvent<unknown>): void {
    if (event.type === 'message') this.parts.apply(event)
    if (event.type === 'error') this.#noteError(event.error)
    if (event.type === 'status' && event.status === 'left') {
      this.phase = 'left'
      if (!this.#cancel.signal.aborted) this.error = this.#ending
    }
    // The error that ends a membership comes right before its end.
    if (event.type !== 'error' && event.type !== 'status') this.#ending = undefined
    if (event.type === 'view') {
      this.#remember(event.left, event.failed)
      this.profiles.keepOnly(event.view.members)
    }
    for (const listener of this.#listeners) listener(event)
    if (event.type !== 'message' || isProfile(event.value)) this.#changed()
  }

  #noteError(error: TuttiError): void {
    if (error.fate === undefined) this.#ending = error
    this.dispatchEvent(new Trouble(error))
  }

  #remember(left: readonly Member[], failed: readonly Member[]): void {
    const gone = [
      ...left.map((member) => ({ member, failed: false })),
      ...failed.map((member) => ({ member, failed: true })),
    ]
    if (gone.length === 0) return
    const departed = gone.map(({ member, failed }) => ({
      ...this.profiles.of(member),
      id: member.id as string,
      failed,
    }))
    this.departed = [...departed, ...this.departed].slice(0, departedMax)
    setTimeout(() => {
      this.departed = this.departed.filter((entry) => !departed.includes(entry))
      this.#changed()
    }, departedShownMs)
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
  }
}

/** A multicast or the group failed, or a share of its state is not kept any more; `error` says why. */
export class Trouble extends Event {
  readonly error: unknown

  constructor(error: unknown) {
    super('trouble')
    this.error = error
  }
}

/** What the others are shown of this member. */
function memberInfo({ profile, options }: JoinSettings): Pick<ConnectOptions, 'name' | 'metadata'> {
  const wished = options?.metadata
  const metadata = typeof wished === 'object' && wished !== null && !Array.isArray(wished) ? wished : {}
  return {
    name: profile.name || options?.name,
    metadata: profile.color === undefined ? metadata : { ...metadata, color: profile.color },
  }
}

function shareLost(name: string): Error {
  return new Error(
    `This page has no element for “${name}”, and more came for it than can be kept: one that is added later begins empty.`,
  )
}

const departedMax = 5
const departedShownMs = 30_000

function isProfile(value: unknown): boolean {
  return (value as { tutti?: unknown } | null | undefined)?.tutti === 'profile'
}
