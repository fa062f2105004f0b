import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { isSuspected } from '../../peer/engine/core.ts'
import type { Input, Output } from '../../peer/engine/io.ts'
import type { Core } from '../../peer/engine/state.ts'
import { type Histories, type Item, itemsOf } from './history.ts'
import { type Messages, WITNESS } from './messages.ts'
import { type Stepper, stepWithApplication } from './step.ts'

/** All that one peer is at a moment: its engine and what its application has seen. */
export interface Local {
  /** live: may act. ended: acts no more, what it sent arrives. gone: what it sent may be lost. */
  readonly standing: 'live' | 'ended' | 'gone'
  /** Only of the living: a fresh copy of the engine's state at each call. Kept as bytes, which take a quarter of the room. */
  readonly core: (() => Core) | undefined
  readonly history: number
  /** Peers in its view that it does not suspect, as bits. */
  readonly unsuspected: number
}

export interface Step {
  readonly next: number
  readonly sends: readonly { readonly to: number; readonly message: number }[]
  /** Ballots started in the first view of the lineage. */
  readonly ballots: number
  /** A ballot was started in a later view. */
  readonly beyond: boolean
  /** What the engine threw. */
  readonly broken: string | undefined
}

/**
 * The states of single peers, numbered; and what each input makes of each, worked out once. An engine meets the same input
 * in the same state in very many states of the whole.
 */
export class LocalStates {
  readonly #locals: Local[] = []
  readonly #numbers = new Map<string, number>()
  /** By local state, then by input. */
  readonly #steps: Map<number, Step>[] = []
  readonly #step: Stepper
  readonly #histories: Histories
  readonly #messages: Messages
  readonly #firstViews: ReadonlyMap<string, number>
  readonly #withTimes: boolean

  /** `firstViews`: the number of each lineage's view at the start. `withTimes`: whether clocks go on. */
  constructor(
    step: Stepper,
    histories: Histories,
    messages: Messages,
    firstViews: ReadonlyMap<string, number>,
    withTimes: boolean,
  ) {
    this.#step = step
    this.#histories = histories
    this.#messages = messages
    this.#firstViews = firstViews
    this.#withTimes = withTimes
  }

  /** How many there are. */
  get size(): number {
    return this.#locals.length
  }

  get(local: number): Local {
    return this.#locals[local]!
  }

  add(core: Core, history: number): number {
    const standing = standingOf(core, this.#histories.items(history))
    if (standing !== 'live')
      return this.#intern(`${standing} ${history}`, { standing, core: undefined, history, unsuspected: 0 })
    const key = `${digest(core, this.#withTimes)} ${history}`
    return this.#numbers.get(key) ?? this.#addLive(key, core, history)
  }

  #addLive(key: string, core: Core, history: number): number {
    const { config, state, now } = core
    const bytes = serialize(state)
    const copy = (): Core => ({ config, state: deserialize(bytes), now, out: [] })
    return this.#intern(key, { standing: 'live', core: copy, history, unsuspected: this.#unsuspectedBy(core) })
  }

  /** The same peer, crashed. */
  crashed(local: number): number {
    const { history } = this.get(local)
    return this.#intern(`gone ${history}`, { standing: 'gone', core: undefined, history, unsuspected: 0 })
  }

  /** `inputNumber` stands for `input` and `elapsedMs` together. */
  step(local: number, inputNumber: number, input: () => Input, elapsedMs: () => number): Step {
    const steps = this.#steps[local]!
    let step = steps.get(inputNumber)
    if (step === undefined) {
      step = this.#workOut(this.get(local), input(), elapsedMs())
      steps.set(inputNumber, step)
    }
    return step
  }

  #workOut(local: Local, input: Input, elapsedMs: number): Step {
    const core = local.core!()
    const { decisions, counters } = core.state
    const known = decisions.length
    const before = core.state.current?.view.number ?? 0
    const ballotsBefore = counters.get('ballot') ?? 0
    try {
      const outputs = stepWithApplication(this.#step, core, core.now + elapsedMs, input)
      const history = this.#histories.appendAll(local.history, itemsOf(input, outputs, known, core))
      const ballots = (core.state.counters.get('ballot') ?? 0) - ballotsBefore
      const beyond = ballots > 0 && this.#isBeyond(core, before)
      return {
        next: this.add(core, history),
        sends: this.#sendsOf(outputs),
        ballots: beyond ? 0 : ballots,
        beyond,
        broken: undefined,
      }
    } catch (error) {
      const broken = error instanceof Error ? error.message : String(error)
      return { next: -1, sends: [], ballots: 0, beyond: false, broken }
    }
  }

  #sendsOf(outputs: readonly Output[]): Step['sends'] {
    const messages = this.#messages
    return outputs.flatMap((output) => {
      if (output.type === 'send') {
        return [{ to: messages.peerNumber(output.to), message: messages.add(output.tag, output.message) }]
      }
      if (output.type !== 'ask-witness') return []
      return [{ to: messages.peerNumber(WITNESS), message: messages.add(undefined, output.request) }]
    })
  }

  /** Whether the ballot that was started is one of a later view. `before`: the number of the view before the step. */
  #isBeyond({ state: { current } }: Core, before: number): boolean {
    if (current === undefined) return false
    const { lineage, number } = current.view
    const first = this.#firstViews.get(lineage.split('~')[0]!) ?? 0
    return number > first && (before > first || current.coordinator.phase !== 'idle')
  }

  #unsuspectedBy(core: Core): number {
    let bits = 0
    for (const member of core.state.current?.members ?? []) {
      const isOther = member.id !== core.state.self && !member.departed && !isSuspected(core, member)
      if (isOther) bits |= 1 << this.#messages.peerNumber(member.peer)
    }
    return bits
  }

  #intern(key: string, local: Local): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#locals.push(local) - 1
    this.#steps.push(new Map())
    this.#numbers.set(key, number)
    return number
  }
}

/** A page that closes hands its vote over and is gone with the rest; one that is left out still runs. */
function standingOf({ state }: Core, items: readonly Item[]): Local['standing'] {
  if (state.phase !== 'ended') return 'live'
  const end = items.findLast((item) => item.type === 'ended')
  return end?.reason === 'closed' ? 'gone' : 'ended'
}

/** Fields that are spans of time, not moments. */
const SPANS: ReadonlySet<string> = new Set(['smoothedMs', 'variationMs', 'relayedMs', 'roundTripMs'])

/**
 * A fingerprint of the state (160 bits). Moments count by how far off they are, and only where clocks go on at all. The
 * order of maps and sets does not count, but for join requests, which are served in order.
 */
function digest({ state, now }: Core, withTimes: boolean): string {
  const text = JSON.stringify(state, (key, value: unknown) => {
    if (key === 'counters') return undefined
    if (key.endsWith('At') || key.endsWith('Ms')) {
      if (!withTimes || typeof value !== 'number') return undefined
      return SPANS.has(key) || value === Number.POSITIVE_INFINITY ? value : value - now
    }
    if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
    if (value instanceof Set) return [...value].sort()
    if (!(value instanceof Map)) return value
    const entries = [...value]
    return key === 'requests' ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1))
  })
  return createHash('sha1').update(text).digest('base64')
}
