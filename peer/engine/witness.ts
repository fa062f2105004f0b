import type { ViewRecord } from '../base/view.ts'
import { type Electorate, electorateOf, witnessRank } from '../membership/quorum.ts'
import type { WitnessPromise } from '../membership/view-agreement.ts'
import { Reader, WireError, Writer } from '../wire/bytes.ts'
import { readValue, writeValue } from '../wire/codec.ts'
import type { Accepted, Ballot, Value } from '../wire/messages.ts'
import { decodeWitnessAnswer, encodeWitnessRequest, type WitnessAnswer } from '../wire/witness.ts'
import { count } from './core.ts'
import type { Core, CurrentView } from './state.ts'
import { onAccepted, onNack } from './view-change.ts'
import { mayBeVotedOn } from './voting.ts'

/**
 * The witness as members see it: an acceptor in the signaling server with one vote, in views that carry its token. It keeps
 * values that it cannot read, and breaks ties only (PT5).
 */

/** However far away the witness is, a change waits no longer for it. */
const WAIT_MS_MAX = 2_000
/** A view change for the token alone is tried at least this often. */
const PATIENCE_MS_MAX = 120_000

/** The server told the token of the room's witness, or cannot be reached any more. */
export function onWitnessToken(core: Core, token: string | undefined): void {
  core.state.witnessToken = token
}

/** Whether the witness votes on the successor of this view, as far as this member can reach it. */
export function hasWitness(core: Core, { view, isPastWitness }: CurrentView): boolean {
  return view.witness !== undefined && view.witness === core.state.witnessToken && !isPastWitness
}

/**
 * The witness has voted for a later view, so this one is over, and nobody is left who could say how: one that has been without
 * a quorum for long enough goes, not knowing its fates, and comes back (FD4).
 */
export function isForgotten({ state, now, config }: Core, { isPastWitness }: CurrentView): boolean {
  return isPastWitness && state.blocked && now >= state.blockedAt + config.orphanMs
}

/** Notes since when the view carries another token than the witness has now. Alone, nobody needs a vote to break ties. */
export function noteWitnessChange(core: Core, { view }: CurrentView): void {
  const { state } = core
  const differs = view.witness !== state.witnessToken && view.members.length > 1
  state.witnessDiffersAt = differs ? (state.witnessDiffersAt ?? core.now) : undefined
  if (!differs) state.witnessPatienceMs = core.config.witnessChangeMs
}

/** A view has begun without the token that the witness has: it was not heard in time, and is tried again later and later. */
export function noteWitnessMissed({ state, config, now }: Core, { witness }: ViewRecord): void {
  if (state.witnessDiffersAt === undefined) return
  const isMissed = witness === undefined && state.witnessToken !== undefined
  if (isMissed) state.witnessPatienceMs = Math.min(2 * state.witnessPatienceMs, PATIENCE_MS_MAX)
  else state.witnessPatienceMs = config.witnessChangeMs
  state.witnessDiffersAt = now
}

/** Whether that is a reason for a view change by itself. */
export function wantsToken(core: Core): boolean {
  return core.now >= tokenDeadline(core)
}

/** When it becomes one. */
export function tokenDeadline({ state }: Core): number {
  const { witnessDiffersAt, witnessPatienceMs } = state
  return witnessDiffersAt === undefined ? Number.POSITIVE_INFINITY : witnessDiffersAt + witnessPatienceMs
}

/** Asks for a promise, and for the token that the next view is to carry. */
export function prepareWitness(core: Core, { view }: CurrentView, ballot: Ballot): WitnessPromise {
  if (core.state.witnessToken === undefined) return { type: 'absent' }
  const { lineage, number, witness } = view
  ask(core, encodeWitnessRequest({ kind: 'prepare', lineage, number, token: witness, ballot }))
  const { state, config, now } = core
  state.witnessAskedAt = now
  // One that is far away is given longer; one that does not answer costs a change so much once.
  const waitMs = Math.max(config.witnessWaitMs, Math.min(2 * state.witnessRoundTripMs, WAIT_MS_MAX))
  return { type: 'awaited', untilMs: now + waitMs }
}

/** Asks for its vote on a value, which it has where the view carries its token. */
export function acceptByWitness(core: Core, current: CurrentView, ballot: Ballot, value: Value): void {
  const { lineage, number, witness } = current.view
  if (witness === undefined || !hasWitness(core, current)) return
  const writer = new Writer()
  writeValue(writer, value)
  ask(core, encodeWitnessRequest({ kind: 'accept', lineage, number, token: witness, ballot, value: writer.finish() }))
}

/** Counts what it says. Bytes that are no answer, or cannot be, are counted and count for nothing. */
export function onWitnessAnswer(core: Core, bytes: Uint8Array): void {
  const { current } = core.state
  const answer = decodeWitnessAnswer(bytes)
  if (answer.kind === 'invalid') return count(core, 'witness-nonsense')
  core.state.witnessToken = answer.token
  core.state.witnessRoundTripMs = core.now - core.state.witnessAskedAt
  if (current === undefined) return
  if (answer.lineage !== current.view.lineage || answer.number !== current.view.number) return
  switch (answer.kind) {
    case 'promise':
      return onPromised(core, current, answer)
    case 'nack':
      if (answer.promised > answer.ballot) onNack(core, current, witnessOf(current), answer)
      return
    case 'accepted':
      if (answer.token !== current.view.witness) return count(core, 'witness-nonsense')
      return onAccepted(core, current, { kind: 'accepted', ballot: answer.ballot, as: witnessOf(current) })
    case 'past':
      count(core, 'witness-past')
      current.isPastWitness = true
      answered(current, answer, undefined)
  }
}

function onPromised(core: Core, current: CurrentView, answer: Extract<WitnessAnswer, { kind: 'promise' }>): void {
  const promised = answer.votes && answer.token === current.view.witness
  const accepted = answer.accepted && readAccepted(current, answer.accepted.ballot, answer.accepted.value)
  // What it accepted may have been decided: a promise whose value cannot be read is worth nothing.
  const isReadable = answer.accepted === undefined || accepted !== undefined
  if (!isReadable) count(core, 'witness-nonsense')
  if (promised && isReadable) count(core, 'witness')
  answered(current, answer, promised && isReadable ? { accepted } : undefined)
}

/** `vote`: it promised the ballot; undefined: it only told its token. */
function answered(
  { coordinator }: CurrentView,
  { ballot, token }: WitnessAnswer,
  vote: { readonly accepted: Accepted | undefined } | undefined,
): void {
  if (coordinator.phase !== 'preparing' || coordinator.ballot !== ballot || coordinator.fork !== undefined) return
  coordinator.witness = { type: 'answered', token, promised: vote !== undefined, accepted: vote?.accepted }
}

function readAccepted(current: CurrentView, ballot: Ballot, bytes: Uint8Array): Accepted | undefined {
  try {
    const reader = new Reader(bytes)
    const value = readValue(reader)
    reader.end()
    return mayBeVotedOn(current, value) ? { ballot, value } : undefined
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

function ask(core: Core, request: Uint8Array): void {
  core.out.push({ type: 'ask-witness', request })
}

function witnessOf({ view }: CurrentView): number {
  const electorate: Electorate = electorateOf(view)
  return witnessRank(electorate)
}
