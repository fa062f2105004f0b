import { memberId, type PeerId } from '../base/ids.ts'
import { decode } from '../wire/codec.ts'
import type { Accepted, Message } from '../wire/messages.ts'
import { bad, count, noteDeparted, send } from './core.ts'
import { onCounts, onEntries, onHeld, onOrder } from './data-path.ts'
import { onAlive, onHeard, onPong, onProbe, onStatusNotes } from './detection.ts'
import { answerParent, follows, onFork, sayGone } from './forking.ts'
import { canFinish, decided, endReason, endWith } from './install.ts'
import type { Tag } from './io.ts'
import { onDecideAsJoiner, onHello, onJoin, onRefuse, sayHello } from './joining.ts'
import { onBye, onGrant, onLeave } from './leaving.ts'
import { onMergeAsk, onMergeOffer } from './merging.ts'
import { lineageTag } from './new-state.ts'
import { onPull } from './repair.ts'
import { forward, noteVia } from './routing.ts'
import type { Core, CurrentView } from './state.ts'
import { onChunk, onChunkAck, onSaveFailed } from './state-transfer.ts'
import { onAccepted, onFilled, onNack, onPromise } from './view-change.ts'
import { fitsView, mayBeVotedOn, onAccept, onFill, onPrepare } from './voting.ts'

/** The way in: decode, then the view filter, then the part of the engine that the message is for. */

type Received = Exclude<Message, { kind: 'relay' }>
type Of<K extends Message['kind']> = Extract<Message, { kind: K }>

/** Takes one message as it came from a link. Never throws on what others sent. */
export function receive(core: Core, from: PeerId, tag: Tag, bytes: Uint8Array): void {
  const message = decode(bytes)
  if (message.kind === 'invalid') return bad(core, from, message.why)
  onHeard(core, from, tag.attempt, true)
  if (message.kind === 'pong') return onPong(core, from, message)
  if (message.kind !== 'relay') return dispatch(core, from, tag, message, bytes)
  if (message.to !== core.state.peer) return forward(core, message, from)
  if (message.from === core.state.peer) return
  const inner = decode(message.message)
  if (inner.kind === 'invalid' || inner.kind === 'relay') return bad(core, from, 'a relayed message that is none')
  noteVia(core, message.from, from)
  onHeard(core, message.from, message.attempt, false)
  dispatch(core, message.from, message, inner, message.message)
}

/** Takes again the messages that came before their view was installed here. */
export function replayAhead(core: Core): void {
  const early = core.state.ahead
  core.state.ahead = []
  core.state.aheadBytes = 0
  for (const { from, tag, message } of early) {
    const decoded = decode(message)
    if (decoded.kind !== 'invalid' && decoded.kind !== 'relay') dispatch(core, from, tag, decoded, message)
  }
}

function dispatch(core: Core, from: PeerId, tag: Tag, message: Received, bytes: Uint8Array): void {
  if (core.state.phase === 'ended') return
  switch (message.kind) {
    case 'ping':
      return send(core, from, { kind: 'pong', sentAt: message.sentAt })
    case 'pong':
      return
    case 'hello':
      return onHello(core, from, tag, message)
    case 'refuse':
      return onRefuse(core, message)
    case 'decide':
      return onDecide(core, from, message)
    default:
  }
  const { current } = core.state
  if (current === undefined) return keepAhead(core, from, tag, bytes)
  switch (message.kind) {
    case 'join':
      return onJoin(core, current, from, message)
    case 'probe':
      return onProbe(core, current, from, message)
    case 'alive':
      return onAlive(core, current, message)
    case 'merge-ask':
      return onMergeAsk(core, current, from, message)
    case 'merge-offer':
      return onMergeOffer(core, current, message)
    default:
  }
  if (tag.number === 0) return onOutsider(core, from, tag, message)
  if (tag.lineageTag !== current.tag.lineageTag) {
    if (!ASKS.has(message.kind)) return count(core, 'foreign')
    if (answerParent(core, from, tag)) return
    count(core, 'foreign')
    if (current.members.some(({ id }) => id === memberId(from, tag.attempt))) sayHello(core, [from], true)
    return
  }
  filterView(core, current, from, tag, message, bytes)
}

/** Kinds that are dealt with whatever the view. */
type Outside =
  | 'ping'
  | 'pong'
  | 'hello'
  | 'refuse'
  | 'decide'
  | 'join'
  | 'probe'
  | 'alive'
  | 'merge-ask'
  | 'merge-offer'

/** Messages of the lineage: transfers whatever the view, the rest only in their own. */
function filterView(
  core: Core,
  current: CurrentView,
  from: PeerId,
  tag: Tag,
  message: Exclude<Received, { kind: Outside }>,
  bytes: Uint8Array,
): void {
  const sender = memberId(from, tag.attempt)
  switch (message.kind) {
    case 'chunk':
      return onChunk(core, current, from, sender, message)
    case 'chunk-ack':
      return onChunkAck(core, sender, message)
    case 'save-failed':
      return onSaveFailed(core, current, sender, message)
    case 'behind':
      return answerOld(core, from, tag)
    case 'verdict':
      return onVerdict(core, current, message)
    default:
  }
  if (tag.number < current.tag.number) {
    if (ASKS.has(message.kind)) answerOld(core, from, tag)
  } else if (tag.number > current.tag.number) {
    keepAhead(core, from, tag, bytes)
    if (ASKS.has(message.kind)) send(core, from, { kind: 'behind' })
  } else {
    const rank = current.members.findIndex((member) => member.id === sender)
    if (rank < 0) bad(core, from, 'a message of one who is not in the view')
    else inView(core, current, from, rank, message)
  }
}

/** Kinds that want an answer: from one who is behind they show what it missed, from one ahead that this member is. */
const ASKS: ReadonlySet<Message['kind']> = new Set<Message['kind']>(['status', 'prepare', 'accept', 'leave', 'pull'])

function inView(
  core: Core,
  current: CurrentView,
  from: PeerId,
  rank: number,
  message: Exclude<
    Received,
    { kind: 'chunk' | 'chunk-ack' | 'save-failed' | 'behind' | 'verdict' | 'decide' | 'join' }
  >,
): void {
  if (rank === current.rank || !fits(current, message)) {
    return bad(core, from, `${message.kind}: does not fit the view`)
  }
  if (current.commitment !== undefined && (message.kind === 'prepare' || message.kind === 'accept')) {
    return sayGone(core, from, current.tag)
  }
  switch (message.kind) {
    case 'entries':
      return onEntries(core, current, from, rank, message)
    case 'order':
      return onOrder(core, current, from, message)
    case 'status':
      onStatusNotes(core, current, rank, message)
      onHeld(core, current, rank, message)
      return onCounts(core, current, rank, message)
    case 'have':
      return onCounts(core, current, rank, message)
    case 'pull':
      return onPull(core, current, from, message)
    case 'fork':
      return onFork(core, current, from, rank, message)
    case 'prepare':
      return onPrepare(core, current, from, rank, message)
    case 'promise':
      return onPromise(core, current, rank, message)
    case 'nack':
      return onNack(core, current, rank, message)
    case 'fill':
      return onFill(core, current, from, rank, message)
    case 'filled':
      return onFilled(current, rank, message)
    case 'accept':
      return onAccept(core, current, from, rank, message)
    case 'accepted':
      return onAccepted(core, current, message)
    case 'leave':
      return onLeave(current, rank)
    case 'grant':
      return onGrant(core, current, rank, message)
    case 'bye':
      return onBye(core, current, rank, message)
    default:
      return
  }
}

/** Whether the vectors of a message have the view's size, its ranks exist, and a value in it could follow the view. */
function fits(current: CurrentView, message: Received): boolean {
  const size = current.members.length
  const fitsAccepted = (accepted: Accepted | undefined) =>
    accepted === undefined || mayBeVotedOn(current, accepted.value)
  switch (message.kind) {
    case 'status':
      return (
        message.have.length === size &&
        message.held.length === size &&
        message.suspects.every((rank) => rank < size) &&
        message.proxies.every((rank) => rank < size) &&
        message.stalls.every((rank) => rank < size) &&
        message.routes.every((note) => note.rank < size && note.via < size)
      )
    case 'have':
      return message.have.length === size
    case 'promise':
      return (
        message.as < size &&
        message.have.length === size &&
        message.held.length === size &&
        fitsAccepted(message.accepted)
      )
    case 'grant':
      return message.have.length === size && fitsAccepted(message.accepted)
    case 'filled':
      return message.held.length === size
    case 'accepted':
      return message.as < size
    default:
      return true
  }
}

function onDecide(core: Core, from: PeerId, message: Of<'decide'>): void {
  const { view, value } = message
  const { current } = core.state
  if (value.cut.length !== view.members.length) return bad(core, from, 'a decision that does not fit its view')
  if (current === undefined) return onDecideAsJoiner(core, message)
  if (view.lineage !== current.view.lineage) return count(core, 'foreign')
  if (view.number > current.view.number) return send(core, from, { kind: 'behind' })
  if (view.number < current.view.number) return
  const isSame =
    view.members.length === current.members.length &&
    view.members.every((member, rank) => member.id === current.members[rank]!.id)
  if (!isSame || !fitsView(current, value)) return bad(core, from, 'a decision about a view that never was')
  if (!follows(current, value)) return onUnfollowed(core, current, from, message)
  const isMember = value.members.some((member) => member.id === core.state.self)
  if (isMember && !canFinish(current, value)) return bad(core, from, 'a decision that cannot be carried out')
  decided(core, current, value)
}

/**
 * One who has committed itself to a fork learns how the lineage went on without it: it leaves for there. A fork that this
 * member did not commit to is not for it.
 */
function onUnfollowed(core: Core, current: CurrentView, from: PeerId, { view, value }: Of<'decide'>): void {
  const { passage, cut } = value
  const isNamed = value.members.some((member) => member.id === core.state.self)
  if (passage.type !== 'fork') return endWith(core, current, cut[current.rank], isNamed ? 'orphaned' : 'excluded')
  // Nobody is named in a fork without having agreed to any.
  if (current.commitment === undefined) return bad(core, from, 'a fork that this member did not agree to')
  count(core, 'fork-unfollowed')
  // It has agreed to another one since: those of this fork are not to wait for it, nor it for them.
  const { attempt } = core.state
  const number = view.number + 1
  if (isNamed) sayGone(core, from, { attempt, lineageTag: lineageTag(passage.lineage), number })
  const rank = current.members.findIndex(({ peer }) => peer === from)
  noteDeparted(core, current, rank, undefined)
}

/** Tells one who is still in an old view how that ended. */
function answerOld(core: Core, from: PeerId, tag: Tag): void {
  count(core, 'behind')
  const { decisions, fates, current } = core.state
  const decision = decisions.find(({ view }) => view.number === tag.number)
  if (decision !== undefined) return send(core, from, { kind: 'decide', ...decision, fates: [] })
  const member = memberId(from, tag.attempt)
  if (current?.view.members.some((other) => other.id === member)) return
  count(core, 'verdict')
  const fate = fates.find((record) => record.member === member && record.number === tag.number)
  send(core, from, { kind: 'verdict', number: tag.number, cut: fate?.cut })
}

function onVerdict(core: Core, current: CurrentView, { number, cut }: Of<'verdict'>): void {
  if (number === current.view.number) endWith(core, current, cut, endReason(core, current))
}

/** From one who is in no view: a joiner that closes takes its request back. */
function onOutsider(core: Core, from: PeerId, tag: Tag, message: Received): void {
  if (message.kind === 'bye') core.state.requests.delete(memberId(from, tag.attempt))
}

function keepAhead(core: Core, from: PeerId, tag: Tag, message: Uint8Array): void {
  if (tag.number === 0) return
  const { state, config } = core
  const bytes = state.aheadBytes + message.length
  if (state.ahead.length >= config.aheadMessagesMax || bytes > config.aheadBytesMax) {
    return count(core, 'ahead-dropped')
  }
  count(core, 'ahead')
  // A copy: the frame that it came in may be much larger.
  state.ahead.push({ from, tag, message: message.slice() })
  state.aheadBytes = bytes
}
