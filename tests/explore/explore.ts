import type { Event } from './events.ts'
import { Model } from './model.ts'
import { brokenRule } from './rules.ts'
import type { Scenario } from './scenario.ts'
import { Sequences } from './sequences.ts'
import { type Standing, settle } from './settling.ts'
import { Frontier, StateStore } from './state-store.ts'
import type { Stepper } from './step.ts'

export interface Report {
  readonly scenario: Scenario
  readonly states: number
  readonly transitions: number
  /** Events on the longest of the shortest ways to a state. */
  readonly depth: number
  /** States that are checked but not followed, for their ballots. */
  readonly cut: number
  /** States with nothing in flight. */
  readonly quiet: number
  /** How quiet states, and one of a hundred that are cut, stand once time passes and nothing more goes wrong. */
  readonly standings: Readonly<Record<Standing, number>>
  /** States of single engines, and queues: what the states are made of. */
  readonly locals: number
  readonly queues: number
  readonly bytes: number
  readonly violation: Violation | undefined
}

export interface Violation {
  readonly rule: string
  /** What happens, in words, from the first state on. */
  readonly path: readonly string[]
}

export interface Options {
  readonly stepper?: Stepper
  /** Called now and then. */
  readonly onProgress?: (states: number, done: number) => void
}

const PROGRESS_EVERY = 1 << 14

/** Of the states that are cut off, every so many-th is asked whether it settles. */
const CUT_SETTLED_EVERY = 100

/** Visits every state of a scenario, breadth first, until all are seen or one breaks a rule. */
export function explore(scenario: Scenario, { stepper, onProgress }: Options = {}): Report {
  const search = new Search(new Model(scenario, stepper))
  search.meet(search.model.initial, 0)
  for (let index = 0; index < search.store.size && search.violation === undefined; index++) {
    search.visit(index)
    if (index % PROGRESS_EVERY === 0) onProgress?.(search.store.size, index)
  }
  return search.report()
}

class Search {
  readonly model: Model
  readonly store = new StateStore()
  violation: Violation | undefined
  readonly #frontier: Frontier
  #transitions = 0
  #depth = 0
  #cut = 0
  #quiet = 0
  #levelEnd = 1
  #bytes = 0
  readonly #standings: Record<Standing, number> = { 'one view': 0, blocked: 0, nobody: 0, unsettled: 0 }
  /** The actors' histories together, as one number, and what was found of them. */
  readonly #histories = new Sequences()
  readonly #judged: { readonly rule: string | undefined }[] = []
  readonly #settled = new Map<string, readonly Standing[]>()
  readonly #state: Int32Array

  constructor(model: Model) {
    this.model = model
    this.#frontier = new Frontier(model.parts.layout.width)
    this.#state = new Int32Array(model.parts.layout.width)
  }

  meet(state: Int32Array, parent: number): void {
    if (!this.store.add(state, parent)) return
    this.#frontier.push(state)
    const rule = this.#judge((actor) => this.model.historyOf(state, actor))
    if (rule !== undefined) this.#fail(rule, () => this.#pathTo(this.store.size - 1))
  }

  visit(index: number): void {
    const { model, store } = this
    if (index === this.#levelEnd) {
      this.#levelEnd = store.size
      this.#depth++
    }
    this.#frontier.read(index, this.#state)
    const isCut = model.isCut(this.#state)
    const isQuiet = model.isQuiet(this.#state)
    if (isCut) this.#cut++
    if (isQuiet) this.#quiet++
    if (isQuiet || (isCut && this.#cut % CUT_SETTLED_EVERY === 0)) this.#settle(index)
    model.expand(this.#state, (event, next, broken) => {
      if (this.violation !== undefined) return
      this.#transitions++
      if (broken === undefined) this.meet(next, index)
      else this.#fail(broken, () => [...this.#pathTo(index), model.describe(event)])
    })
    if (index % PROGRESS_EVERY === 0) this.#bytes = Math.max(this.#bytes, store.bytes + this.#frontier.bytesFrom(index))
  }

  report(): Report {
    const { model, store, violation } = this
    return {
      scenario: model.parts.scenario,
      states: store.size,
      transitions: this.#transitions,
      depth: this.#depth,
      cut: this.#cut,
      quiet: this.#quiet,
      standings: this.#standings,
      locals: model.parts.locals.size,
      queues: model.parts.queues.size,
      bytes: this.#bytes,
      violation,
    }
  }

  /** The rules speak of histories only, and few differ. */
  #judge(historyOf: (actor: number) => number): string | undefined {
    const { model } = this
    let key = 0
    for (let actor = 0; actor < model.parts.layout.actors; actor++) key = this.#histories.push(key, historyOf(actor))
    const known = this.#judged[key]
    if (known !== undefined) return known.rule
    const histories = this.#histories.items(key).map((history) => model.histories.items(history))
    const rule = brokenRule(model.parts.names, histories)
    this.#judged[key] = { rule }
    return rule
  }

  #settle(index: number): void {
    const key = this.model.settlingKey(this.#state)
    let standings = this.#settled.get(key)
    if (standings === undefined) {
      standings = this.#settleAnew(index)
      this.#settled.set(key, standings)
    }
    for (const standing of standings) this.#standings[standing]++
  }

  /** With a witness in two ways: it is there again for everyone, and it is gone for good. */
  #settleAnew(index: number): Standing[] {
    const { model } = this
    const ways = model.parts.scenario.witness === undefined ? [undefined] : ([true, false] as const)
    return ways.map((isWitnessBack) => {
      const run = model.runFrom(this.#state)
      const after = (rule: string) => {
        const gone = isWitnessBack === false ? 'the witness is gone for good, ' : ''
        this.#fail(rule, () => [...this.#pathTo(index), `${gone}nothing more goes wrong, and time passes`])
      }
      try {
        const standing = settle(run, isWitnessBack)
        const rule = this.#judge((actor) => run.historyOf(actor))
        if (rule !== undefined) after(rule)
        else if (standing === 'unsettled') after('[VW8] the living do not come to one view')
        return standing
      } catch (error) {
        after(error instanceof Error ? error.message : String(error))
        return 'unsettled'
      }
    })
  }

  #fail(rule: string, path: () => readonly string[]): void {
    this.violation ??= { rule, path: path() }
  }

  /** Only hashes are kept: the way is gone again from the first state on. */
  #pathTo(index: number): string[] {
    const { model, store } = this
    const indices = [index]
    while (indices[0]! > 0) indices.unshift(store.parent(indices[0]!))
    const path: string[] = []
    let at = model.initial
    for (const next of indices.slice(1)) {
      let step: { readonly event: Event; readonly state: Int32Array } | undefined
      model.expand(at, (event, state) => {
        if (step === undefined && store.is(next, state)) step = { event, state: state.slice() }
      })
      path.push(step === undefined ? '?' : model.describe(step.event))
      at = step?.state ?? at
    }
    return path
  }
}
