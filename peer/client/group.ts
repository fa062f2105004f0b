import { TuttiError } from '../base/errors.ts'
import type { TraceEvent } from '../runtime/trace.ts'
import { eventOf } from './events.ts'
import { GroupCore } from './group-core.ts'
import type { GroupParts } from './group-parts.ts'
import { checkKind, checkListener, unsupported } from './options.ts'
import type {
  AbcastOptions,
  CastOptions,
  CausalToken,
  Group,
  GroupEvent,
  GroupInspection,
  GroupStatus,
  Member,
  Receipt,
  StateOption,
  View,
} from './types.ts'

/** The group as an application holds it: over the core, which `join` keeps. */
export class GroupHandle<M, S> extends EventTarget implements Group<M, S> {
  readonly name: string
  readonly state: StateOption<S> | undefined
  readonly #core: GroupCore<M, S>
  /** Whether anybody has ever listened to messages: for nobody they need not be decoded. */
  #hears = false
  readonly #trace: GroupParts<M, S>['trace']

  private constructor(core: (emit: (event: GroupEvent<M>) => void) => GroupCore<M, S>, options: GroupParts<M, S>) {
    super()
    this.name = options.name
    this.state = options.join.state
    this.#trace = options.trace
    this.#core = core((event) => this.dispatchEvent(eventOf(event)))
  }

  override addEventListener(...listening: Parameters<EventTarget['addEventListener']>): void {
    this.#hears ||= listening[0] === 'message'
    super.addEventListener(...listening)
  }

  /** Begins a membership: the group for the application, and its core for the peer. */
  static open<M, S>(options: GroupParts<M, S>): { group: GroupHandle<M, S>; core: GroupCore<M, S> } {
    const group: GroupHandle<M, S> = new GroupHandle<M, S>(
      (emit) => new GroupCore({ ...options, emit, hears: () => group.#hears }),
      options,
    )
    return { group, core: group.#core }
  }

  get self(): Member {
    return given(this.#core.self)
  }

  get view(): View {
    return given(this.#core.view)
  }

  get status(): GroupStatus {
    return this.#core.status
  }

  cbcast(value: M, options?: CastOptions): Receipt {
    return this.#core.casts.cast('causal', value, options)
  }

  abcast(value: M, options?: AbcastOptions): Receipt {
    return this.#core.casts.cast('total', value, options)
  }

  fbcast(value: M, options?: CastOptions): Receipt {
    return this.#core.casts.cast('fifo', value, options)
  }

  batch(): Receipt {
    throw unsupported('batch')
  }

  token(): CausalToken {
    throw unsupported('token')
  }

  async reached(): Promise<void> {
    throw unsupported('reached')
  }

  writable(kind: 'cbcast' | 'abcast' | 'fbcast'): WritableStream<M> {
    checkKind(kind)
    // A stream that is aborted takes back the write that waits to be sent, which may be for as long as the group is blocked.
    const write = async (value: M, { signal }: WritableStreamDefaultController): Promise<void> => {
      await this[kind](value, { signal })
    }
    return new WritableStream({ write })
  }

  async fork(): Promise<void> {
    const core = this.#core
    core.checkOpen()
    if (core.status !== 'blocked') throw notBlocked(core.status)
    await new Promise<void>((resolve) => {
      const lineage = core.view?.lineage
      const look = (): void => {
        if (core.status === 'blocked' && core.view?.lineage === lineage) return
        for (const type of ['view', 'status']) this.removeEventListener(type, look)
        resolve()
      }
      for (const type of ['view', 'status']) this.addEventListener(type, look)
      core.input({ type: 'fork' })
    })
    core.checkOpen()
  }

  inspect(): GroupInspection {
    const { casts, iterators, membership, state, status } = this.#core
    return {
      name: this.name,
      self: membership.self,
      status,
      view: this.view,
      queued: casts.queued,
      unread: { iterators: iterators.count, bytes: iterators.unreadBytes },
      busy: state.busy,
      engine: { ...given(membership.inspect()) },
    }
  }

  trace(listener: (event: TraceEvent) => void): () => void {
    checkListener(listener)
    const stop = this.#trace.listen(listener)
    this.#core.membership.noteTraced?.()
    return stop
  }

  leave(): Promise<void> {
    return this.#core.leave()
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<GroupEvent<M>> {
    return this.#core.iterators.open({ type: 'view', view: this.view, joined: [], left: [], failed: [] })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave()
  }
}

function notBlocked(status: GroupStatus): TuttiError {
  const why = status === 'rejoining' ? 'this member is coming back to the group' : 'the group has a quorum here'
  return new TuttiError('not-blocked', `${why}: there is nothing to fork from`)
}

/** An application gets a group only once it is in a view. */
function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('invariant broken: a group without a view was handed out')
  return value
}
