import type { CastKind } from '../../peer/index.ts'
import type { Name } from './side.ts'

/** One thing that a script has done. */
export type Order =
  | { readonly do: 'cast'; readonly kind: CastKind; readonly who: Name; readonly value: string }
  | { readonly do: 'tell'; readonly who: Name; readonly to: Name; readonly value: string }
  | { readonly do: 'note'; readonly who: Name; readonly value: string }
  | { readonly do: 'join' | 'leave' | 'crash'; readonly who: Name }
  | { readonly do: 'freeze'; readonly who: Name; readonly ms: number }
  | { readonly do: 'cut' | 'mend'; readonly who: Name; readonly to: Name }
  | { readonly do: 'lose' | 'delay'; readonly who: Name; readonly to: Name; readonly ms: number }
  | { readonly do: 'part'; readonly sides: readonly (readonly Name[])[] }
  | { readonly do: 'heal' }

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

export const SCRIPT_LIMITS = { members: 16, lines: 200, lengthMs: 20_000, valueLength: 32, characters: 8_000 } as const

const NAME = /^[a-z][a-z0-9]{0,7}$/
const WORD = /"([^"]*)"|(\S+)/g
const KINDS: ReadonlyMap<string, CastKind> = new Map([
  ['fbcast', 'fifo'],
  ['cbcast', 'causal'],
  ['abcast', 'total'],
])
const VERBS = 'cbcast, abcast, fbcast, tell, note, join, leave, crash, freeze, cut, mend, lose, delay, part or heal'

/** What stands in a line: words, and texts in quotes. */
interface Token {
  readonly text: string
  readonly isQuoted: boolean
}

/** Reads a script. Nothing is run: a line is one of a few known forms or an error that says what was expected. */
export function parseScript(text: string): LabScript | { readonly errors: readonly ScriptError[] } {
  if (text.length > SCRIPT_LIMITS.characters) {
    return { errors: [{ line: 1, message: `a script has at most ${SCRIPT_LIMITS.characters} characters` }] }
  }
  const reader = new ScriptReader()
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) reader.line(index + 1, line)
  return reader.finish()
}

export function isScript(parsed: ReturnType<typeof parseScript>): parsed is LabScript {
  return !('errors' in parsed)
}

class ScriptReader {
  readonly #errors: ScriptError[] = []
  readonly #orders: { readonly atMs: number; readonly order: Order }[] = []
  readonly #rules: Rule[] = []
  readonly #uses: { readonly line: number; readonly names: readonly Name[] }[] = []
  readonly #joiners = new Set<Name>()
  #members: readonly Name[] = ['a', 'b', 'c']
  #lengthMs: number | undefined
  #counted = 0

  line(number: number, line: string): void {
    const tokens = tokensOf(line)
    if (tokens === 'open') return this.#fail(number, 'a text in quotes does not end')
    const [first] = tokens
    if (first === undefined) return
    if (++this.#counted > SCRIPT_LIMITS.lines) {
      if (this.#counted === SCRIPT_LIMITS.lines + 1) this.#fail(number, `more than ${SCRIPT_LIMITS.lines} lines`)
      return
    }
    try {
      this.#read(number, tokens)
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      this.#fail(number, error.message)
    }
  }

  finish(): LabScript | { readonly errors: readonly ScriptError[] } {
    const known = new Set([...this.#members, ...this.#joiners])
    for (const { line, names } of this.#uses) {
      const unknown = names.find((name) => !known.has(name))
      if (unknown !== undefined) this.#fail(line, `there is no member ${unknown}: add it to “members” or let it join`)
    }
    if (known.size > SCRIPT_LIMITS.members) this.#fail(1, `more than ${SCRIPT_LIMITS.members} members`)
    if (this.#errors.length > 0) return { errors: this.#errors.sort((a, b) => a.line - b.line) }
    const last = this.#orders.reduce((latest, { atMs }) => Math.max(latest, atMs), 0)
    const lengthMs = this.#lengthMs ?? Math.min(last + 1_500, SCRIPT_LIMITS.lengthMs)
    return { members: this.#members, lengthMs, orders: this.#orders, rules: this.#rules }
  }

  #read(line: number, tokens: readonly Token[]): void {
    const words = new Words(tokens)
    switch (words.peek()) {
      case 'members':
        words.word('members')
        this.#members = words.names()
        return
      case 'run':
        words.word('run')
        this.#lengthMs = words.milliseconds('run', 1)
        return words.end()
      case 'on':
      case 'stable':
      case 'wedged':
        return this.#readRule(line, words)
      default:
        return this.#readOrder(line, words)
    }
  }

  #readRule(line: number, words: Words): void {
    const first = words.word('on, stable or wedged')
    const when = first === 'on' ? 'delivered' : first === 'stable' ? 'stable' : 'wedged'
    const who = words.name()
    const value = when === 'wedged' ? undefined : words.text()
    const order = this.#order(line, words)
    words.end()
    this.#uses.push({ line, names: [who] })
    this.#rules.push({ when, who, value, order })
  }

  #readOrder(line: number, words: Words): void {
    let atMs = 0
    if (words.peek() === 'at') {
      words.word('at')
      atMs = words.milliseconds('at', 0)
    }
    const order = this.#order(line, words)
    words.end()
    this.#orders.push({ atMs, order })
  }

  #order(line: number, words: Words): Order {
    const order = readOrder(words)
    if (order.do === 'join') {
      if (this.#joiners.has(order.who) || this.#members.includes(order.who)) {
        throw new Mistake(`${order.who} has been there before: one that joins needs a new name`)
      }
      this.#joiners.add(order.who)
    }
    this.#uses.push({ line, names: namesIn(order) })
    return order
  }

  #fail(line: number, message: string): void {
    this.#errors.push({ line, message })
  }
}

function readOrder(words: Words): Order {
  const verb = words.word(`what to do: ${VERBS}`)
  const kind = KINDS.get(verb)
  if (kind !== undefined) return { do: 'cast', kind, who: words.name(), value: words.text() }
  switch (verb) {
    case 'tell':
      return { do: 'tell', who: words.name(), to: words.name(), value: words.text() }
    case 'note':
      return { do: 'note', who: words.name(), value: words.text() }
    case 'join':
    case 'leave':
    case 'crash':
      return { do: verb, who: words.name() }
    case 'freeze':
      return { do: 'freeze', who: words.name(), ms: words.milliseconds('freeze', 1) }
    case 'cut':
    case 'mend':
      return { do: verb, ...words.pair() }
    case 'lose':
    case 'delay':
      return { do: verb, ...words.pair(), ms: words.milliseconds(verb, 1) }
    case 'part':
      return { do: 'part', sides: words.sides() }
    case 'heal':
      return { do: 'heal' }
    default:
      throw new Mistake(`“${verb}” is nothing that can be done: use ${VERBS}`)
  }
}

class Mistake extends Error {}

/** The words of one line, taken one after the other. */
class Words {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  peek(): string | undefined {
    return this.#tokens[this.#next]?.text
  }

  word(what: string): string {
    const token = this.#tokens[this.#next]
    if (token === undefined) throw new Mistake(`the line ends where ${what} should be`)
    if (token.isQuoted) throw new Mistake(`“${token.text}” is a text where ${what} should be`)
    this.#next++
    return token.text
  }

  name(): Name {
    const name = this.word('the name of a member')
    if (!NAME.test(name)) {
      throw new Mistake(`“${name}” is no name: names are a small letter and up to 7 more small letters or digits`)
    }
    return name
  }

  names(): Name[] {
    const names: Name[] = []
    while (this.peek() !== undefined) names.push(this.name())
    if (names.length === 0) throw new Mistake('members needs names, as in “members a b c”')
    if (names.length > SCRIPT_LIMITS.members) throw new Mistake(`at most ${SCRIPT_LIMITS.members} members`)
    if (new Set(names).size < names.length) throw new Mistake('a name is there twice')
    return names
  }

  pair(): { readonly who: Name; readonly to: Name } {
    const [who, to] = [this.name(), this.name()]
    if (who === to) throw new Mistake(`${who} has no link with itself`)
    return { who, to }
  }

  sides(): Name[][] {
    const sides: Name[][] = [[]]
    while (this.peek() !== undefined) {
      if (this.peek() === '|') {
        this.word('|')
        sides.push([])
      } else sides.at(-1)!.push(this.name())
    }
    if (sides.length < 2 || sides.some((side) => side.length === 0)) {
      throw new Mistake('part needs members on both sides, as in “part a b | c”')
    }
    return sides
  }

  text(): string {
    const token = this.#tokens[this.#next]
    if (token === undefined) throw new Mistake('the line ends where a text in "quotes" should be')
    if (!token.isQuoted) throw new Mistake(`“${token.text}” stands where a text in "quotes" should be`)
    const text = token.text
    if (text === '' || text.length > SCRIPT_LIMITS.valueLength) {
      throw new Mistake(`a text has 1 to ${SCRIPT_LIMITS.valueLength} characters`)
    }
    this.#next++
    return text
  }

  milliseconds(what: string, least: number): number {
    const word = this.word(`milliseconds after ${what}`)
    const ms = Number(word)
    if (!/^\d{1,6}$/.test(word) || ms < least || ms > SCRIPT_LIMITS.lengthMs) {
      throw new Mistake(`“${word}” is no time: milliseconds from ${least} to ${SCRIPT_LIMITS.lengthMs}`)
    }
    return ms
  }

  end(): void {
    const rest = this.peek()
    if (rest !== undefined) throw new Mistake(`“${rest}” is too much`)
  }
}

/** An order as a line of a script, without its time. */
export function writeOrder(order: Order): string {
  switch (order.do) {
    case 'cast':
      return `${[...KINDS.keys()].find((word) => KINDS.get(word) === order.kind)} ${order.who} "${order.value}"`
    case 'tell':
      return `tell ${order.who} ${order.to} "${order.value}"`
    case 'note':
      return `note ${order.who} "${order.value}"`
    case 'freeze':
      return `freeze ${order.who} ${order.ms}`
    case 'cut':
    case 'mend':
      return `${order.do} ${order.who} ${order.to}`
    case 'lose':
    case 'delay':
      return `${order.do} ${order.who} ${order.to} ${order.ms}`
    case 'part':
      return `part ${order.sides.map((side) => side.join(' ')).join(' | ')}`
    case 'heal':
      return 'heal'
    default:
      return `${order.do} ${order.who}`
  }
}

function namesIn(order: Order): Name[] {
  if (order.do === 'part') return order.sides.flat()
  if (order.do === 'heal') return []
  return 'to' in order ? [order.who, order.to] : [order.who]
}

/** Words and quoted texts; a `#` outside quotes begins a comment. */
function tokensOf(line: string): Token[] | 'open' {
  const code = withoutComment(line)
  if (code === undefined) return 'open'
  return [...code.matchAll(WORD)].map(([whole, quoted]) =>
    quoted === undefined ? { text: whole, isQuoted: false } : { text: quoted, isQuoted: true },
  )
}

function withoutComment(line: string): string | undefined {
  let isQuoted = false
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') isQuoted = !isQuoted
    else if (line[i] === '#' && !isQuoted) return line.slice(0, i)
  }
  return isQuoted ? undefined : line
}
