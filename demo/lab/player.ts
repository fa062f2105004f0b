import { type Order, writeOrder } from './orders.ts'
import type { Run } from './run.ts'
import { readScript, type SideOfScenario, startRun } from './scenario.ts'
import type { LabScript } from './script-language.ts'
import { SCRIPT_LIMITS } from './script-words.ts'
import type { LabEvent, LinkState, Name } from './side.ts'

/** What happens by hand near the end is still given this long. */
const AFTER_ORDER_MS = 2_000

/** All sides of a scenario, at the same time, moved by hand or by a clock. What is done by hand is done to each of them. */
export class Player {
  readonly #sides: readonly SideOfScenario[]
  readonly #scripts: readonly LabScript[]
  #runs: readonly Run[] = []
  #drawn: number[] = []
  #byHand: { readonly atMs: number; readonly order: Order }[] = []
  #lengthMs = 0
  #nowMs = 0
  seed: number
  /** How often it has begun from the beginning: what was drawn before is no longer true. */
  beginnings = 0

  constructor(sides: readonly SideOfScenario[], seed: number) {
    this.#sides = sides
    this.#scripts = sides.map(({ script }) => readScript(script))
    this.seed = seed
    this.restart()
  }

  get runs(): readonly Run[] {
    return this.#runs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  get lengthMs(): number {
    return this.#lengthMs
  }

  get isOver(): boolean {
    return this.#nowMs >= this.#lengthMs
  }

  /** All that ever took part on any side. */
  get names(): readonly Name[] {
    return [...new Set(this.#runs.flatMap(({ names }) => names))]
  }

  /** Whether the member runs on any side. */
  isAlive(name: Name): boolean {
    return this.#runs.some(({ side }) => side.isAlive(name))
  }

  /** From the beginning, without what was done by hand. */
  restart(): void {
    this.#byHand = []
    this.#lengthMs = Math.max(...this.#scripts.map(({ lengthMs }) => lengthMs))
    this.#begin()
  }

  /** To any time, forwards or backwards: the same seed and the same orders give the same run. */
  seek(toMs: number): void {
    if (toMs < this.#nowMs) this.#begin()
    this.advance(toMs - this.#nowMs)
  }

  /** Lets so much time pass on all sides, up to the end. */
  advance(byMs: number): void {
    this.#nowMs = Math.min(this.#nowMs + byMs, this.#lengthMs)
    for (const run of this.#runs) run.run(this.#nowMs)
  }

  /** Goes on to where something happens next, on any side. */
  step(): void {
    const before = this.#count()
    while (!this.isOver && this.#count() === before) this.advance(1)
  }

  /** Does it on all sides, now. */
  order(order: Order): void {
    const atMs = Math.ceil(this.#nowMs)
    this.#byHand.push({ atMs, order })
    this.#lengthMs = Math.min(Math.max(this.#lengthMs, this.#nowMs + AFTER_ORDER_MS), SCRIPT_LIMITS.lengthMs)
    for (const run of this.#runs) run.order(order, atMs)
  }

  /** Something to say that was not said before, by hand or by the script. */
  nextValue(): string {
    const said = this.toScript()
    let number = 1
    while (said.includes(`"hand ${number}"`)) number++
    return `hand ${number}`
  }

  get isTouched(): boolean {
    return this.#byHand.length > 0
  }

  /** What has been made of the link by now, by hand or by the script of a side. */
  linkState(a: Name, b: Name): LinkState {
    const states = this.#runs.map(({ side }) => side.linkState(a, b))
    return states.find((state) => state === 'cut') ?? states.find((state) => state === 'slow') ?? 'fine'
  }

  /** The events of one side that were not taken before. */
  takeEvents(side: number): readonly LabEvent[] {
    const { events } = this.#runs[side]!
    const fresh = events.slice(this.#drawn[side])
    this.#drawn[side] = events.length
    return fresh
  }

  /** This run as a script of its own: that of the last side, and what was done by hand. */
  toScript(): string {
    const lines = this.#sides
      .at(-1)!
      .script.split('\n')
      .filter((line) => !/^\s*run\b/.test(line))
    const byHand = this.#byHand.map(({ atMs, order }) => `at ${atMs} ${writeOrder(order)}`)
    return [...lines, ...(byHand.length > 0 ? ['# By hand:'] : []), ...byHand, `run ${Math.ceil(this.#lengthMs)}`].join(
      '\n',
    )
  }

  #begin(): void {
    this.#runs = this.#sides.map((side, index) => startRun(side, this.seed, this.#scripts[index]!))
    for (const { atMs, order } of this.#byHand) for (const run of this.#runs) run.order(order, atMs)
    this.#drawn = this.#runs.map(() => 0)
    this.#nowMs = 0
    this.beginnings++
  }

  #count(): number {
    return this.#runs.reduce((sum, { events }) => sum + events.length, 0)
  }
}
