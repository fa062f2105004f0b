import { namesIn, type Order, readOrder } from './orders.ts'
import { Mistake, SCRIPT_LIMITS, ScriptWords } from './script-words.ts'
import type { Name } from './side.ts'

/** What is done when a member has delivered something, knows that all have it, or has stopped sending for a view change. */
export interface Rule {
  readonly when: 'delivered' | 'stable' | 'wedged'
  readonly who: Name
  /** What it has delivered; none for `wedged`. */
  readonly value: string | undefined
  readonly order: Order
}

export interface LabScript {
  /** Those that are there from the beginning. */
  readonly members: readonly Name[]
  readonly lengthMs: number
  readonly orders: readonly { readonly atMs: number; readonly order: Order }[]
  readonly rules: readonly Rule[]
}

export interface ScriptError {
  /** Counted from 1. */
  readonly line: number
  readonly message: string
}

type Parsed = LabScript | { readonly errors: readonly ScriptError[] }

/** A run that does not say how long it is goes on for so long after its last order. */
const AFTER_LAST_MS = 1_500

/** Reads a script. Nothing is run: a line is one of a few known forms or an error that says what was expected. */
export function parseScript(text: string): Parsed {
  if (text.length > SCRIPT_LIMITS.characters) {
    return { errors: [{ line: 1, message: `a script has at most ${SCRIPT_LIMITS.characters} characters` }] }
  }
  const reader = new ScriptReader()
  for (const [index, line] of text.split('\n').entries()) reader.line(index + 1, line)
  return reader.finish()
}

export function isScript(parsed: Parsed): parsed is LabScript {
  return !('errors' in parsed)
}

/** Takes the lines as they come; what hangs together is judged when all are there. */
class ScriptReader {
  readonly #errors: ScriptError[] = []
  readonly #orders: { readonly line: number; readonly atMs: number; readonly order: Order }[] = []
  readonly #rules: Rule[] = []
  readonly #uses: { readonly line: number; readonly names: readonly Name[] }[] = []
  readonly #joins: { readonly line: number; readonly who: Name }[] = []
  #members: readonly Name[] = ['a', 'b', 'c']
  /** In which line it is said who is there, and how long it takes. */
  #membersLine: number | undefined
  #runLine: number | undefined
  #lengthMs: number | undefined
  /** A line that says who is there, and cannot be read: who is unknown then is not known. */
  #isVague = false
  #counted = 0

  line(number: number, line: string): void {
    try {
      const words = new ScriptWords(line)
      if (!words.isAtEnd && this.#counts(number)) this.#read(number, words)
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      this.#fail(number, error.message)
    }
  }

  finish(): Parsed {
    if (!this.#isVague) {
      this.#checkJoins()
      this.#checkNames()
    }
    this.#checkTimes()
    if (this.#errors.length > 0) return { errors: this.#errors.sort((a, b) => a.line - b.line) }
    const last = this.#orders.reduce((latest, { atMs }) => Math.max(latest, atMs), 0)
    return {
      members: this.#members,
      lengthMs: this.#lengthMs ?? Math.min(last + AFTER_LAST_MS, SCRIPT_LIMITS.lengthMs),
      orders: this.#orders.map(({ atMs, order }) => ({ atMs, order })),
      rules: this.#rules,
    }
  }

  #counts(line: number): boolean {
    if (++this.#counted === SCRIPT_LIMITS.lines + 1) this.#fail(line, `more than ${SCRIPT_LIMITS.lines} lines`)
    return this.#counted <= SCRIPT_LIMITS.lines
  }

  #read(line: number, words: ScriptWords): void {
    switch (words.peek()) {
      case 'members':
        return this.#readMembers(line, words)
      case 'run':
        return this.#readRun(line, words)
      case 'on':
      case 'stable':
      case 'wedged':
        return this.#readRule(line, words)
      default:
        return this.#readOrder(line, words)
    }
  }

  #readMembers(line: number, words: ScriptWords): void {
    const before = this.#membersLine
    this.#membersLine ??= line
    if (before !== undefined) throw new Mistake(`line ${before} says already who is there`)
    words.word('members')
    this.#isVague = true
    this.#members = words.names()
    this.#isVague = false
  }

  #readRun(line: number, words: ScriptWords): void {
    const before = this.#runLine
    this.#runLine ??= line
    if (before !== undefined) throw new Mistake(`line ${before} says already how long the run is`)
    words.word('run')
    const lengthMs = words.milliseconds('run', 1)
    words.end()
    this.#lengthMs = lengthMs
  }

  #readRule(line: number, words: ScriptWords): void {
    const first = words.word('on, stable or wedged')
    const when = first === 'on' ? 'delivered' : first === 'stable' ? 'stable' : 'wedged'
    const who = words.name()
    const value = when === 'wedged' ? undefined : words.text()
    const order = this.#order(line, words)
    this.#uses.push({ line, names: [who] })
    this.#rules.push({ when, who, value, order })
  }

  #readOrder(line: number, words: ScriptWords): void {
    let atMs = 0
    if (words.peek() === 'at') {
      words.word('at')
      atMs = words.milliseconds('at', 0)
    }
    this.#orders.push({ line, atMs, order: this.#order(line, words) })
  }

  #order(line: number, words: ScriptWords): Order {
    const order = readOrder(words)
    words.end()
    if (order.do === 'join') this.#joins.push({ line, who: order.who })
    this.#uses.push({ line, names: namesIn(order) })
    return order
  }

  #checkJoins(): void {
    const known = new Set(this.#members)
    for (const { line, who } of this.#joins) {
      if (known.has(who)) this.#fail(line, `${who} has been there before: one that joins needs a new name`)
      else if (known.size === SCRIPT_LIMITS.members) this.#fail(line, `more than ${SCRIPT_LIMITS.members} members`)
      else known.add(who)
    }
  }

  #checkNames(): void {
    const known = new Set([...this.#members, ...this.#joins.map(({ who }) => who)])
    for (const { line, names } of this.#uses) {
      const unknown = names.find((name) => !known.has(name))
      if (unknown !== undefined) this.#fail(line, `there is no member ${unknown}: add it to “members” or let it join`)
    }
  }

  #checkTimes(): void {
    const lengthMs = this.#lengthMs ?? SCRIPT_LIMITS.lengthMs
    for (const { line, atMs } of this.#orders) {
      if (atMs > lengthMs) this.#fail(line, `at ${atMs} the run is over, which ends at ${lengthMs}`)
    }
  }

  #fail(line: number, message: string): void {
    this.#errors.push({ line, message })
  }
}
