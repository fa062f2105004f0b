import { newDeque } from '../base/deque.ts'
import { attemptOf, type Lineage, type MemberId, messagePrefix, peerOf } from '../base/ids.ts'
import type { ViewRecord } from '../base/view.ts'
import { newAcceptor } from '../membership/acceptor.ts'
import { newOrderLog } from '../ordering/abcast.ts'
import { newStream } from '../ordering/message-log.ts'
import type { Transfer } from '../wire/messages.ts'
import type { CurrentView, EngineState, MemberState } from './state.ts'

/** States as they begin. */

/** What a codec may add to a value's content. */
const VALUE_HEAD_BYTES = 4_096

export function newState(self: MemberId, info: Uint8Array, hasState: boolean, forks: boolean): EngineState {
  return {
    self,
    peer: peerOf(self),
    attempt: attemptOf(self),
    info,
    hasState,
    forks,
    phase: 'joining',
    current: undefined,
    links: new Set(),
    vias: new Map(),
    contacts: new Map(),
    askers: new Map(),
    queue: newDeque(),
    bulk: newDeque(),
    consumerFull: false,
    toldFull: false,
    requests: new Map(),
    decisions: [],
    fates: [],
    withState: false,
    incoming: undefined,
    refusedBy: [],
    withheld: [],
    withheldBytes: 0,
    outgoing: new Map(),
    ahead: [],
    aheadBytes: 0,
    blocked: false,
    blockedAt: 0,
    forkAsked: false,
    witnessToken: undefined,
    witnessDiffersAt: undefined,
    witnessPatienceMs: 0,
    witnessAskedAt: 0,
    witnessRoundTripMs: 0,
    met: new Map(),
    offer: undefined,
    mergeAskAtMs: 0,
    reconciling: undefined,
    leaving: false,
    orphanedAt: undefined,
    leaveAtMs: Number.POSITIVE_INFINITY,
    joinAtMs: 0,
    heartbeatAtMs: 0,
    helloAtMs: 0,
    statusAtMs: Number.POSITIVE_INFINITY,
    isStirred: false,
    promisedAtMs: Number.POSITIVE_INFINITY,
    counters: new Map(),
  }
}

export function newCurrentView(
  view: ViewRecord,
  self: MemberId,
  transfers: readonly Transfer[],
  messageBytesMax: number,
): CurrentView {
  const size = view.members.length
  const stateless = new Set(transfers.map((transfer) => transfer.member))
  return {
    view,
    rank: view.members.findIndex((member) => member.id === self),
    tag: { attempt: attemptOf(self), lineageTag: lineageTag(view.lineage), number: view.number },
    idPrefixes: view.members.map(({ id }) => messagePrefix(view.lineage, view.number, id)),
    log: {
      streams: view.members.map(() => newStream(size)),
      order: newOrderLog(),
      past: new Array<number>(size).fill(0),
      wedged: false,
      valueBytesMax: messageBytesMax + VALUE_HEAD_BYTES,
    },
    acceptor: newAcceptor(),
    commitment: undefined,
    isPastWitness: false,
    members: view.members.map(({ id }) => newMemberState(id, size, !stateless.has(id))),
    transfers,
    proxies: new Map(),
    coordinator: { phase: 'idle' },
    promisedWithState: true,
    isStuck: false,
    seen: 0,
    fill: undefined,
    pausedBy: undefined,
    resumedAfter: undefined,
    sending: undefined,
    entriesTold: 0,
    entriesToldAtMs: 0,
    toldBeforeLink: new Map(),
    orderTold: 0,
    toldProgress: 0,
    untoldBytes: 0,
    toldAtMs: 0,
    haveAtMs: Number.POSITIVE_INFINITY,
    stable: new Array<number>(size).fill(0),
    orderStable: 0,
    unsettled: new Set(),
    closedAt: undefined,
    pullAtMs: Number.POSITIVE_INFINITY,
    pullsInVain: 0,
    pulled: new Map(),
    answered: new Map(),
  }
}

/** A 32-bit name of a lineage for message headers; never 0, which stands for none. */
export function lineageTag(lineage: Lineage): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < lineage.length; i++) hash = Math.imul(hash ^ lineage.charCodeAt(i), 0x01000193)
  return hash >>> 0 || 1
}

function newMemberState(id: MemberId, size: number, withState: boolean): MemberState {
  return {
    id,
    peer: peerOf(id),
    have: new Array<number>(size).fill(0),
    orderLength: 0,
    held: new Array<number>(size).fill(0),
    heldOrder: 0,
    wedged: 0,
    withState,
    needsState: false,
    leaving: false,
    blocked: false,
    forks: false,
    departed: false,
    departedAt: 0,
    holder: undefined,
    isProxied: false,
    superseded: false,
    full: false,
    movedAt: 0,
    stalled: false,
    routes: undefined,
  }
}
