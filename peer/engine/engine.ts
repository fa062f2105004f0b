import { assertNever } from '../base/assert.ts'
import type { Config } from '../base/config.ts'
import type { MemberId } from '../base/ids.ts'
import { kindOf } from '../wire/codec.ts'
import type { FateRecord, MessageKind } from '../wire/messages.ts'
import { isSuspected } from './core.ts'
import { runDataPath } from './data-path.ts'
import {
  detectorDeadline,
  noteLateness,
  onHint,
  onLink,
  suspect,
  tickDetector,
  tickLinks,
  updateBlocked,
} from './detection.ts'
import { flowDeadline, tickFlow } from './flow.ts'
import { askToFork, forkDeadline } from './forking.ts'
import { type EngineInspection, inspect } from './inspect.ts'
import { endWith } from './install.ts'
import type { Input, Output } from './io.ts'
import { askToJoin, found, requestsDeadline, sayHello, tickRequests, withdrawRequest } from './joining.ts'
import { close, driveLeave, leave } from './leaving.ts'
import { mergeDeadline, tickMerge } from './merging.ts'
import { newState } from './new-state.ts'
import { receive, replayAhead } from './receive.ts'
import { askToReconcile, onReconciled } from './reconciling.ts'
import { pullMissing, sendStatus, tellHave } from './repair.ts'
import { withdraw } from './sending.ts'
import type { Core, CurrentView } from './state.ts'
import { hurryTransfers, onLoaded, onSaved, tickTransfers, transferDeadline } from './state-transfer.ts'
import { drive } from './view-change.ts'
import { answerFill } from './voting.ts'
import { isForgotten, noteWitnessChange, onWitnessAnswer, onWitnessToken, tokenDeadline } from './witness.ts'

export interface EngineOptions {
  readonly self: MemberId
  /** This member's name and metadata, encoded by the client. */
  readonly info: Uint8Array
  /** Whether the application saves and loads state. Must be the same for all members. */
  readonly hasState: boolean
  /** Whether it forks when it has been without a quorum for `forkAfterMs`. */
  readonly forks: boolean
  readonly config: Config
}

/**
 * One attempt at membership in one group: a deterministic state machine. No clock, no timer, no randomness, no I/O. It
 * composes the protocols of `membership`, `ordering` and `transfer`; nothing else does.
 */
export class Engine {
  /** Plain data, for one who copies, hashes or looks at it; nobody else. */
  readonly core: Core

  constructor(options: EngineOptions, core?: Core) {
    const { self, info, hasState, forks, config } = options
    this.core = core ?? { config, state: newState(self, info, hasState, forks), now: 0, out: [] }
  }

  /** Takes one input at time `now` (ms). Throws only when an invariant is broken: the peer must then stop. */
  step(now: number, input: Input): void {
    this.steps(now, [input])
  }

  /** Takes several inputs of one turn. Multicasts and data are gathered: what they lead to leaves together. */
  steps(now: number, inputs: readonly Input[]): void {
    const core = this.core
    core.now = Math.max(core.now, now)
    if (core.state.phase !== 'ended') noteLateness(core)
    for (let i = 0; i < inputs.length; i++) {
      const next = inputs[i + 1]
      // What was asked for before the page goes is sent before it goes.
      take(core, inputs[i]!, next === undefined || next.type === 'close' || !isGathered(inputs[i]!))
    }
  }

  /** All outputs since the last drain, in order. */
  drain(): Output[] {
    const { out } = this.core
    this.core.out = []
    return out
  }

  /** When the next `tick` is due, or sooner; Infinity when nothing waits. */
  nextTimeout(): number {
    return this.core.state.promisedAtMs
  }

  /** It asks for nothing more. What it has asked for may still be on its way. */
  get ended(): boolean {
    return this.core.state.phase === 'ended'
  }

  inspect(): EngineInspection {
    return inspect(this.core)
  }

  /** Where streams of members that were left out lately end. */
  get fates(): readonly FateRecord[] {
    return this.core.state.fates
  }

  /** How often each branch of the protocols was taken. */
  counters(): Record<string, number> {
    return Object.fromEntries(this.core.state.counters)
  }
}

/** `settles`: what follows from this and all before it is done now. */
function take(core: Core, input: Input, settles: boolean): void {
  if (core.state.phase === 'ended') {
    // Asked for before the application could know: nothing is dropped without a word (RC2).
    if (input.type === 'multicast') core.out.push({ type: 'fate', ref: input.ref, id: undefined, fate: 'not-sent' })
    return
  }
  const { state } = core
  const before = state.current
  state.isStirred ||= !isData(input)
  apply(core, input)
  if (!settles) return
  if (state.current !== undefined && isCalm(core, state.current)) {
    runDataPath(core, state.current)
    promise(core, Math.min(state.promisedAtMs, dataDeadline(core, state.current)))
    return
  }
  runTimers(core)
  if (state.current !== before) replayAhead(core)
  settle(core)
  state.isStirred = false
  promise(core, nextDeadline(core))
}

/** What is due already, as silence is that is asked about only now, is due now: nobody was late for it. */
function promise({ state, now }: Core, deadlineMs: number): void {
  state.promisedAtMs = Math.max(now, deadlineMs)
}

/** Whether nothing can follow from this step but on the data path: of most steps in a group that is at work. */
function isCalm({ state, now }: Core, { log, coordinator, fill }: CurrentView): boolean {
  const isSteady = coordinator.phase === 'idle' && fill === undefined && !log.wedged && !state.leaving && !state.blocked
  return isSteady && !state.isStirred && now < state.promisedAtMs
}

/** Whether an input touches the data path alone. */
function isData(input: Input): boolean {
  return input.type === 'multicast' || (input.type === 'receive' && DATA.has(kindOf(input.message)))
}

const DATA: ReadonlySet<MessageKind | undefined> = new Set<MessageKind>(['entries', 'order', 'have'])

/** Whether an input is one of many: none of these changes a view. */
function isGathered(input: Input): boolean {
  return isData(input) || (input.type === 'receive' && kindOf(input.message) === 'chunk')
}

function apply(core: Core, input: Input): void {
  const { state } = core
  const { current } = state
  switch (input.type) {
    case 'found':
      return found(core, input.lineage, input.fates ?? [])
    case 'receive':
      return receive(core, input.from, input.tag, input.message)
    case 'link':
      onLink(core, input.peer, input.up)
      if (!input.up) return
      hurryTransfers(core, input.peer)
      if (state.phase === 'joining') askToJoin(core, [input.peer])
      else sayHello(core, [input.peer])
      return
    case 'hint':
      return onHint(core, input.peer)
    case 'suspect': {
      const member = current?.members.find((other) => other.id === input.member)
      if (member !== undefined && member.id !== state.self && !isSuspected(core, member))
        suspect(core, member.peer, member.id)
      return
    }
    case 'witness':
      return onWitnessToken(core, input.token)
    case 'witness-answer':
      return onWitnessAnswer(core, input.answer)
    case 'fork':
      return askToFork(core)
    case 'tick':
      return
    case 'multicast':
      ;(input.isBulk ? state.bulk : state.queue).items.push(input)
      return
    case 'consumer':
      state.consumerFull = input.full
      return
    case 'reconcile':
      return askToReconcile(core)
    case 'reconciled':
      return current && onReconciled(core, current, input)
    case 'cancel':
      return cancel(core, input.ref)
    case 'leave':
      return current === undefined ? withdrawRequest(core) : leave(core)
    case 'close':
      return current === undefined ? withdrawRequest(core) : close(core, current, 'closed')
    case 'saved':
      return onSaved(core, input)
    case 'loaded':
      if (current === undefined) return
      return input.ok ? onLoaded(core, current) : close(core, current, 'state-load-failed')
    default:
      assertNever(input)
  }
}

/** Runs everything to its end: the data path, then the view change; a new view begins again from the top. */
function settle(core: Core): void {
  const { state } = core
  for (let current = state.current; current !== undefined; current = state.current) {
    runDataPath(core, current)
    answerFill(core, current)
    driveLeave(core, current)
    if (state.current !== current) continue
    noteWitnessChange(core, current)
    const wasBlocked = state.blocked
    updateBlocked(core, current)
    drive(core, current)
    if (state.current !== current) replayAhead(core)
    // What waited for a quorum does not wait for the next step as well.
    else if (!wasBlocked || state.blocked) return
  }
}

function runTimers(core: Core): void {
  const { state, now, config } = core
  if (state.phase === 'joining' && now >= state.joinAtMs) {
    state.joinAtMs = now + config.joinRetryMs
    askToJoin(core, state.links)
  }
  const { current } = state
  if (current === undefined) return
  tickDetector(core, current)
  tickRequests(core)
  tickTransfers(core)
  // Whom it then spares, since without them there is no quorum, it does not tell the others of.
  if (tickFlow(core, current)) updateBlocked(core, current)
  if (now >= current.pullAtMs) pullMissing(core, current)
  if (now >= current.haveAtMs) tellHave(core, current)
  const isHeartbeat = now >= state.heartbeatAtMs
  if (isHeartbeat || now >= state.statusAtMs) {
    tickLinks(core, current)
    sendStatus(core, current)
  }
  if (now >= state.helloAtMs) {
    // Not with the heartbeats, which under load are never due.
    state.helloAtMs = now + config.heartbeatIntervalMs
    sayHello(core)
  }
  tickOrphan(core, current)
  if (state.current === current && isForgotten(core, current)) endWith(core, current, undefined, 'orphaned')
  if (state.current === current) tickMerge(core, current)
}

/** A member without state whom nobody can give any gives up, and asks again under a new attempt. */
function tickOrphan(core: Core, current: CurrentView): void {
  const { state, now, config } = core
  if (state.withState) {
    state.orphanedAt = undefined
    return
  }
  if (state.incoming !== undefined && state.incoming.provider === undefined) {
    close(core, current, 'state-unavailable')
    return
  }
  const isOrphan = !current.members.some((member) => member.withState && !member.departed && !isSuspected(core, member))
  state.orphanedAt = isOrphan ? (state.orphanedAt ?? now) : undefined
  if (state.orphanedAt !== undefined && now >= state.orphanedAt + config.orphanMs) close(core, current, 'orphaned')
}

/** Deadlines that data may set. */
function dataDeadline(core: Core, current: CurrentView): number {
  return Math.min(current.pullAtMs, current.haveAtMs, core.state.statusAtMs, flowDeadline(core, current))
}

function nextDeadline(core: Core): number {
  const { state, config } = core
  if (state.phase === 'ended') return Number.POSITIVE_INFINITY
  const { current } = state
  if (current === undefined) return state.joinAtMs
  const { coordinator } = current
  // What has passed already waits for something else.
  const ahead = (at: number): number => (at > core.now ? at : Number.POSITIVE_INFINITY)
  const witnessAt =
    coordinator.phase === 'preparing' && coordinator.witness.type === 'awaited'
      ? ahead(coordinator.witness.untilMs)
      : Number.POSITIVE_INFINITY
  return Math.min(
    witnessAt,
    ahead(tokenDeadline(core)),
    ahead(forkDeadline(core)),
    mergeDeadline(core, current),
    state.heartbeatAtMs,
    state.helloAtMs,
    state.leaveAtMs,
    dataDeadline(core, current),
    detectorDeadline(core, current),
    requestsDeadline(core),
    transferDeadline(core),
    state.orphanedAt === undefined ? Number.POSITIVE_INFINITY : state.orphanedAt + config.orphanMs,
    coordinator.phase === 'idle'
      ? Number.POSITIVE_INFINITY
      : coordinator.phase === 'yielding'
        ? coordinator.untilMs
        : coordinator.retryAtMs,
  )
}

function cancel(core: Core, ref: number): void {
  if (withdraw(core, ref)) core.out.push({ type: 'fate', ref, id: undefined, fate: 'not-sent' })
}
