import type { Event } from './events.ts'
import { Model } from './model.ts'
import { brokenRule } from './rules.ts'
import type { Scenario } from './scenario.ts'
import { Sequences } from './sequences.ts'
import { type Standing, settle } from './settling.ts'
import { StateStore } from './state-store.ts'
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
  readonly store: StateStore
  violation: Violation | undefined
  #transitions = 0
  #depth = 0
  #cut = 0
  #quiet = 0
  #levelEnd = 1
  readonly #standings: Record<Standing, number> = { 'one view': 0, blocked: 0, nobody: 0, unsettled: 0 }
  /** The peers' histories together, as one number, and what was found of them. */
  readonly #histories = new Sequences()
  readonly #judged: { readonly rule: string | undefined }[] = []
  readonly #settled = new Map<string, Standing>()
  readonly #state: Int32Array

  constructor(model: Model) {
    this.model = model
    this.store = new StateStore(model.width)
    this.#state = new Int32Array(model.width)
  }

  meet(state: Int32Array, parent: number): void {
    if (!this.store.add(state, parent)) return
    const rule = this.#judge((peer) => this.model.historyOf(state, peer))
    if (rule !== undefined) this.#fail(rule, this.#pathTo(this.store.size - 1))
  }

  visit(index: number): void {
    const { model, store } = this
    if (index === this.#levelEnd) {
      this.#levelEnd = store.size
      this.#depth++
    }
    store.read(index, this.#state)
    const isCut = model.isCut(this.#state)
    const isQuiet = model.isQuiet(this.#state)
    if (isCut) this.#cut++
    if (isQuiet) this.#quiet++
    if (isQuiet || (isCut && this.#cut % CUT_SETTLED_EVERY === 0)) this.#settle(index)
    model.expand(this.#state, (event, next, broken) => {
      if (this.violation !== undefined) return
      this.#transitions++
      if (broken === undefined) this.meet(next, index)
      else this.#fail(broken, [...this.#pathTo(index), model.describe(event)])
    })
  }

  report(): Report {
    const { model, store, violation } = this
    return {
      scenario: model.scenario,
      states: store.size,
      transitions: this.#transitions,
      depth: this.#depth,
      cut: this.#cut,
      quiet: this.#quiet,
      standings: this.#standings,
      locals: model.locals.size,
      queues: model.queues.size,
      bytes: store.bytes,
      violation,
    }
  }

  /** The rules speak of histories only, and few differ. */
  #judge(historyOf: (peer: number) => number): string | undefined {
    const { model } = this
    let key = 0
    for (let peer = 0; peer < model.peers; peer++) key = this.#histories.push(key, historyOf(peer))
    const known = this.#judged[key]
    if (known !== undefined) return known.rule
    const histories = this.#histories.items(key).map((history) => model.histories.items(history))
    const rule = brokenRule(model.names, histories)
    this.#judged[key] = { rule }
    return rule
  }

  #settle(index: number): void {
    const { model } = this
    // What may still go wrong does not count: nothing does.
    const key = this.#state.subarray(0, model.peers * (model.peers + 1)).join()
    let standing = this.#settled.get(key)
    if (standing === undefined) {
      standing = this.#settleAnew(index)
      this.#settled.set(key, standing)
    }
    this.#standings[standing]++
  }

  #settleAnew(index: number): Standing {
    const run = this.model.runFrom(this.#state)
    const after = (rule: string) =>
      this.#fail(rule, [...this.#pathTo(index), 'nothing more goes wrong, and time passes'])
    try {
      const standing = settle(run)
      const rule = this.#judge((peer) => run.runners[peer]!.history)
      if (rule !== undefined) after(rule)
      else if (standing === 'unsettled') after('[VW8] the living do not come to one view')
      return standing
    } catch (error) {
      after(error instanceof Error ? error.message : String(error))
      return 'unsettled'
    }
  }

  #fail(rule: string, path: readonly string[]): void {
    this.violation ??= { rule, path }
  }

  #pathTo(index: number): string[] {
    if (index === 0) return []
    const parent = this.store.parent(index)
    const [from, to] = [new Int32Array(this.model.width), new Int32Array(this.model.width)]
    this.store.read(parent, from)
    this.store.read(index, to)
    let step: Event | undefined
    this.model.expand(from, (event, next) => {
      if (step === undefined && next.every((number, slot) => number === to[slot])) step = event
    })
    return [...this.#pathTo(parent), step === undefined ? '?' : this.model.describe(step)]
  }
}
