import type { TuttiError } from '../../peer/base/errors.ts'
import type { Lineage, MemberId, MessageId } from '../../peer/base/ids.ts'
import type { MemberRecord } from '../../peer/base/view.ts'
import { defaultCodec } from '../../peer/client/codec.ts'
import { encodeInfo } from '../../peer/client/member-info.ts'
import type { Engine, EngineOptions } from '../../peer/engine/engine.ts'
import type { Input, Output } from '../../peer/engine/io.ts'
import type { Clock } from '../../peer/runtime/clock.ts'

/** Stands in for the engine: writes down what it is given, and puts out what a test tells it to. */
export class ScriptedEngine {
  /** All that were made, in order of their making. */
  static readonly made: ScriptedEngine[] = []
  readonly inputs: Input[] = []
  readonly options: EngineOptions
  /** It knows of nobody who was left out. */
  readonly fates: Engine['fates'] = []
  /** What each input leads to. */
  answer: (input: Input) => Output[] = () => []
  #outputs: Output[] = []

  constructor(options: EngineOptions) {
    this.options = options
    ScriptedEngine.made.push(this)
  }

  static get last(): ScriptedEngine {
    return ScriptedEngine.made.at(-1)!
  }

  script(outputs: Output[]): void {
    this.#outputs.push(...outputs)
  }

  steps(now: number, inputs: readonly Input[]): void {
    for (const input of inputs) this.step(now, input)
  }

  step(_now: number, input: Input): void {
    if (input.type !== 'tick') this.inputs.push(input)
    this.#outputs.push(...this.answer(input))
  }

  drain(): Output[] {
    return this.#outputs.splice(0)
  }

  nextTimeout(): number {
    return Number.POSITIVE_INFINITY
  }

  inspect(): Record<string, unknown> {
    return { scripted: true }
  }
}

/** Time that passes when a test says so. */
export class ManualClock implements Clock {
  #now = 1_000
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  #lastTimer = 0

  now(): number {
    return this.#now
  }

  at(atMs: number, run: () => void): () => void {
    const timer = ++this.#lastTimer
    this.#timers.set(timer, { at: atMs, run })
    return () => this.#timers.delete(timer)
  }

  defer(run: () => void): void {
    queueMicrotask(run)
  }

  get timers(): number {
    return this.#timers.size
  }

  /** Lets the time pass, and all that follows from it happen. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    await turn()
    for (;;) {
      const next = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0]
      if (next === undefined) break
      const [timer, { at, run }] = next
      this.#timers.delete(timer)
      this.#now = Math.max(this.#now, at)
      run()
      await turn()
    }
    this.#now = end
  }
}

/** Resolves when all promises that could go on have done so. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export const LINEAGE = 'lineage' as Lineage

export function member(id: string, name = id): MemberRecord {
  return { id: id as MemberId, info: encodeInfo(name, null, 1_000) }
}

export function install(
  number: number,
  members: readonly string[],
  change: { joined?: string[]; left?: string[]; failed?: string[] } = {},
): Extract<Output, { type: 'install' }> {
  const records = (ids: readonly string[] = []): MemberRecord[] => ids.map((id) => member(id))
  return {
    type: 'install',
    view: { lineage: LINEAGE, number, members: records(members), witness: undefined },
    joined: records(change.joined),
    left: records(change.left),
    failed: records(change.failed),
  }
}

export function id(sender: string, seq: number, number = 1): MessageId {
  return `${LINEAGE}/${number}/${sender}/${seq}` as MessageId
}

export function deliver(
  from: string,
  value: unknown,
  more: { ref?: number; order?: number; seq?: number } = {},
): Output {
  return {
    type: 'deliver',
    id: id(from, more.seq ?? 1),
    kind: more.order === undefined ? 'causal' : 'total',
    purpose: 'message',
    payload: defaultCodec.encode(value),
    from: member(from),
    ref: more.ref,
    order: more.order,
    seq: more.seq ?? 1,
    last: more.seq ?? 1,
  }
}

export function stamped(ref: number, sender = 'me.1'): Output {
  return { type: 'stamped', ref, id: id(sender, ref), kind: 'causal', purpose: 'message', bytes: 1 }
}

/** The error of a promise that is to reject. */
export async function failure(promise: PromiseLike<unknown>): Promise<TuttiError> {
  try {
    await promise
  } catch (error) {
    return error as TuttiError
  }
  throw new Error('it did not reject')
}

/** The error of a call that is to throw. */
export function thrown(call: () => unknown): TuttiError {
  try {
    call()
  } catch (error) {
    return error as TuttiError
  }
  throw new Error('it did not throw')
}
