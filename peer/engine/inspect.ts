import { sizeOf } from '../base/deque.ts'
import type { PeerId } from '../base/ids.ts'
import { heldOrder } from '../ordering/abcast.ts'
import { received } from '../ordering/message-log.ts'
import { isSuspected } from './core.ts'
import { isFull } from './flow.ts'
import { hears, isUsable, wayTo } from './routing.ts'
import type { Core, CurrentView } from './state.ts'

/** A picture of the engine for people and tests: a copy, nothing in it is live. */
export interface EngineInspection {
  readonly phase: 'joining' | 'member' | 'ended'
  readonly withState: boolean
  readonly blocked: boolean
  readonly queued: number
  readonly view: ViewInspection | undefined
  /** Where the state transfer to this member stands, in bytes. */
  readonly incoming:
    | { readonly boundary: number; readonly bytes: number; readonly total: number | undefined }
    | undefined
  readonly joinRequests: readonly string[]
  readonly counters: Readonly<Record<string, number>>
}

export interface ViewInspection {
  readonly lineage: string
  readonly number: number
  readonly rank: number
  readonly wedged: boolean
  /** What this member does as coordinator. */
  readonly coordinator: string
  readonly promised: number
  readonly orderLength: number
  readonly heldOrder: number
  readonly members: readonly {
    readonly id: string
    readonly withState: boolean
    readonly suspected: boolean
    readonly departed: boolean
    /** It sees no quorum. */
    readonly blocked: boolean
    /** Whether it is heard and reached over a link of its own. */
    readonly direct: boolean
    /** The member that takes the messages for it next; undefined: its own link does, or there is no way. */
    readonly via: PeerId | undefined
    /** undefined: not measured, or there is no way. */
    readonly roundTripMs: number | undefined
    /** Whom it hears over a link of its own, as it last told, with the round trip in ms (0: not measured); undefined: it has not. */
    readonly hears: 'all' | readonly { readonly id: string; readonly roundTripMs: number }[] | undefined
    /** Entries of its stream: received without a gap, complete, delivered, kept in the log. */
    readonly received: number
    readonly have: number
    readonly delivered: number
    readonly buffered: number
    /** Bytes of these. */
    readonly bufferedBytes: number
    /** Its application does not keep up: it holds everyone's window closed. */
    readonly full: boolean
  }[]
}

export function inspect(core: Core): EngineInspection {
  const { state } = core
  const { incoming } = state
  return {
    phase: state.phase,
    withState: state.withState,
    blocked: state.blocked,
    queued: sizeOf(state.queue) + sizeOf(state.bulk),
    view: inspectView(core),
    incoming: incoming && { boundary: incoming.boundary, bytes: incoming.receivedBytes, total: incoming.totalBytes },
    joinRequests: [...state.requests.keys()],
    counters: Object.fromEntries(state.counters),
  }
}

function inspectView(core: Core): ViewInspection | undefined {
  const { current } = core.state
  if (current === undefined) return undefined
  const { view, rank, log, coordinator, acceptor } = current
  return {
    lineage: view.lineage,
    number: view.number,
    rank,
    wedged: log.wedged,
    coordinator: coordinator.phase,
    promised: acceptor.promised,
    orderLength: log.order.length,
    heldOrder: heldOrder(log.order),
    members: current.members.map((member, other) => {
      const stream = log.streams[other]!
      return {
        id: member.id,
        withState: member.withState,
        suspected: other !== rank && isSuspected(core, member),
        departed: member.departed,
        ...inspectWay(core, current, other),
        hears: inspectHearing(current, other),
        blocked: other === rank ? core.state.blocked : member.blocked,
        received: received(stream),
        have: stream.have,
        delivered: stream.delivered,
        buffered: stream.entries.length + stream.ahead.size,
        bufferedBytes: stream.bytes,
        full: other === rank ? isFull(core) : member.full,
      }
    }),
  }
}

function inspectWay(core: Core, current: CurrentView, rank: number) {
  const { peer } = current.members[rank]!
  if (rank === current.rank) return { direct: true, via: undefined, roundTripMs: undefined }
  const { via, roundTripMs } = wayTo(core, current, rank)
  return { direct: hears(core, peer) && isUsable(core, peer), via, roundTripMs }
}

function inspectHearing({ members }: CurrentView, rank: number) {
  const { routes } = members[rank]!
  if (routes?.length === 0) return 'all'
  return routes
    ?.filter(({ hops }) => hops === 1)
    .map((note) => ({ id: members[note.rank]!.id, roundTripMs: note.roundTripMs }))
}
