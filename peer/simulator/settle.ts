import type { ViewRecord } from '../base/view.ts'
import { digestOf } from '../runtime/digest.ts'
import { describeReceipt } from './application.ts'
import type { SimPeer } from './peer.ts'
import type { World } from './world.ts'

/** How a healed run stands: settled in one view, settled without a quorum, or not settled and why. */
export type Standing =
  | { readonly end: 'one view' | 'blocked' | 'nobody' }
  | { readonly end: 'unsettled'; readonly why: string }

/**
 * Judges a healed and quiet world: everyone alive in one view with every receipt settled, or all members blocked
 * because those that are gone took the quorum.
 */
export function standing(world: World): Standing {
  const living = world.living()
  if (living.length === 0) return { end: 'nobody' }
  // Without an answer it goes all the same, in its time.
  const goer = living.find(({ isLeaving }) => isLeaving)
  if (goer !== undefined) return { end: 'unsettled', why: `${goer.self} is leaving` }
  const members = living.filter((peer) => peer.view !== undefined)
  const last = latest(members)
  if (last === undefined) return { end: 'unsettled', why: 'nobody is in a view' }
  const lineages = new Set(members.map(({ view }) => view!.lineage))
  const isBlocked = [...lineages].every((lineage) => {
    const its = members.filter(({ view }) => view!.lineage === lineage)
    return isRightlyBlocked(its, latest(its)!, world)
  })
  if (isBlocked && !world.options.forks) return { end: 'blocked' }
  const why = living.map((peer) => notThere(peer, last, living)).find((reason) => reason !== undefined)
  if (why !== undefined) return { end: 'unsettled', why }
  // What all have received may still wait for its causes or its place in the order.
  const differing = world.options.hasState ? differingStates(living) : undefined
  return differing === undefined ? { end: 'one view' } : { end: 'unsettled', why: differing }
}

/** Who is where, for people. */
export function describe(world: World): string {
  return world.peers.map(describePeer).join('\n')
}

function latest(members: readonly SimPeer[]): ViewRecord | undefined {
  return members.reduce<ViewRecord | undefined>(
    (last, { view }) => (last === undefined || view!.number > last.number ? view : last),
    undefined,
  )
}

function isRightlyBlocked(members: readonly SimPeer[], last: ViewRecord, world: World): boolean {
  // Members none of whom has state give the lineage up; that is not the end yet.
  if (!members.every((peer) => peer.blocked) || !members.some((peer) => hasState(peer, world))) return false
  const voters = last.members.filter(({ id }) => members.some((peer) => peer.self === id))
  const isWitnessed = last.witness !== undefined
  const votes = 2 * voters.length + (isWitnessed && last.witness === world.introducer.token ? 1 : 0)
  const all = 2 * last.members.length + (isWitnessed ? 1 : 0)
  const isFavoured = !isWitnessed && 2 * votes === all && voters[0]?.id === last.members[0]?.id
  return 2 * votes <= all && !isFavoured
}

function notThere(peer: SimPeer, last: ViewRecord, living: readonly SimPeer[]): string | undefined {
  const { view, self } = peer
  if (view === undefined) return `${self} is not a member`
  if (view.lineage !== last.lineage || view.number !== last.number) {
    return `${self} is in ${view.lineage}/${view.number}, others in ${last.lineage}/${last.number}`
  }
  if (peer.blocked) return `${self} is blocked`
  if (!peer.ready) return `${self} has no state`
  if (peer.busy) return `${self} is saving or loading`
  const ghost = view.members.find(({ id }) => !living.some((other) => other.self === id))
  if (ghost !== undefined) return `${ghost.id} is gone and still in ${view.lineage}/${view.number}`
  if (isSending(peer)) return `${self} has something to send again, or has not delivered it`
  const open = peer.application.unsettled()[0]
  return open === undefined ? undefined : `${self} has an open receipt: ${describeReceipt(open)}`
}

/** What is sent again after a merge has no receipt. */
function isSending({ self, membership }: SimPeer): boolean {
  const { queued, view } = membership.runtime.engine.inspect()
  const own = view?.members.find(({ id }) => id === self)
  return queued > 0 || own?.received !== own?.delivered
}

function differingStates(living: readonly SimPeer[]): string | undefined {
  const states = living.map((peer) => ({ peer, digest: digestOf(peer.application.save()) }))
  if (new Set(states.map(({ digest }) => digest)).size <= 1) return undefined
  const list = states.map(({ peer, digest }) => `${peer.self} ${digest} of ${peer.application.delivered} messages`)
  return `states differ: ${list.join(', ')}`
}

function hasState(peer: SimPeer, world: World): boolean {
  return peer.application.hasState || !world.options.hasState
}

function describePeer(peer: SimPeer): string {
  const { self, ending, view } = peer
  if (ending !== 'running') return `${self}: ${ending}`
  const place =
    view === undefined ? 'in no view' : `${view.lineage}/${view.number} [${view.members.map(({ id }) => id)}]`
  const state = peer.application.hasState ? 'with state' : 'without state'
  const open = peer.application.unsettled().length
  const engine = JSON.stringify(peer.membership.runtime.engine.inspect(), readable)
  return `${self}: ${place} ${peer.blocked ? 'blocked' : 'going'} ${state}, ${open} receipts open\n    ${engine}`
}

function readable(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value]
  if (value instanceof Set) return [...value]
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return value === Number.POSITIVE_INFINITY ? 'never' : value
}
