import type { CastKind } from '../base/cast-kind.ts'
import type { TuttiError } from '../base/errors.ts'
import type { Lineage, MessageId } from '../base/ids.ts'
import type { SignalingState } from '../transport/signaling.ts'
import type {
  GroupEvent,
  GroupStatus,
  Member,
  Merge,
  Message,
  Progress,
  ValueProgress,
  View,
  ViewChange,
} from './types.ts'

/** A view is entered: the members have changed. */
export class ViewEvent extends Event implements ViewChange {
  declare readonly type: 'view'
  readonly view: View
  readonly joined: readonly Member[]
  readonly left: readonly Member[]
  readonly failed: readonly Member[]

  constructor(change: ViewChange) {
    super('view')
    this.view = change.view
    this.joined = change.joined
    this.left = change.left
    this.failed = change.failed
  }
}

/** A multicast is delivered. */
export class GroupMessageEvent<M = unknown> extends Event implements Message<M> {
  declare readonly type: 'message'
  readonly id: MessageId
  readonly kind: CastKind
  readonly value: M
  readonly from: Member
  readonly view: View
  declare readonly order?: number

  constructor(message: Message<M>) {
    super('message')
    this.id = message.id
    this.kind = message.kind
    this.value = message.value
    this.from = message.from
    this.view = message.view
    if (message.order !== undefined) this.order = message.order
  }
}

/** The group's status changed. */
export class StatusEvent extends Event {
  declare readonly type: 'status'
  readonly status: GroupStatus

  constructor({ status }: { readonly status: GroupStatus }) {
    super('status')
    this.status = status
  }
}

/** A transfer of state goes on. Sizes in bytes. */
export class StateEvent extends Event implements Progress {
  declare readonly type: 'state'
  readonly from: Member
  readonly bytes: number
  readonly total: number

  constructor(progress: Progress) {
    super('state')
    this.from = progress.from
    this.bytes = progress.bytes
    this.total = progress.total
  }
}

/** A large value is on its way. Sizes in bytes. */
export class ValueProgressEvent extends Event implements ValueProgress {
  declare readonly type: 'progress'
  readonly from: Member
  readonly bytes: number
  readonly total: number

  constructor(progress: ValueProgress) {
    super('progress')
    this.from = progress.from
    this.bytes = progress.bytes
    this.total = progress.total
  }
}

/** This member's lineage is over, and it joins another. */
export class MergeEvent extends Event implements Merge {
  declare readonly type: 'merge'
  readonly from: Lineage
  readonly into: Lineage
  readonly unmerged: readonly MessageId[]
  readonly orphaned: readonly MessageId[]
  readonly replayed: boolean
  readonly forgotten: number

  constructor(merge: Merge) {
    super('merge')
    this.from = merge.from
    this.into = merge.into
    this.unmerged = merge.unmerged
    this.orphaned = merge.orphaned
    this.replayed = merge.replayed
    this.forgotten = merge.forgotten
  }
}

/** Something failed that nobody awaits: a multicast, a save, a load, an iterator, a word with the server. */
export class FailureEvent extends Event {
  declare readonly type: 'error'
  readonly error: TuttiError

  constructor({ error }: { readonly error: TuttiError }) {
    super('error')
    this.error = error
  }
}

/** The introducer came in reach or went out of it. */
export class SignalingEvent extends Event {
  declare readonly type: 'signaling'
  readonly state: SignalingState

  constructor(state: SignalingState) {
    super('signaling')
    this.state = state
  }
}

/** The Event that listeners get for what iterators get as plain data. */
export function eventOf<M>(event: GroupEvent<M>): Event {
  switch (event.type) {
    case 'view':
      return new ViewEvent(event)
    case 'message':
      return new GroupMessageEvent(event)
    case 'status':
      return new StatusEvent(event)
    case 'state':
      return new StateEvent(event)
    case 'progress':
      return new ValueProgressEvent(event)
    case 'merge':
      return new MergeEvent(event)
    case 'error':
      return new FailureEvent(event)
  }
}
