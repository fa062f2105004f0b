import type { Name } from './side.ts'

export const SCRIPT_LIMITS = { members: 16, lines: 200, lengthMs: 20_000, valueLength: 32, characters: 8_000 } as const

const NAME = /^[a-z][a-z0-9]{0,7}$/
const WORD = /"([^"]*)"|(\S+)/g
/** Control characters, marks that would turn the text around them, and halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu
const SHOWN_LENGTH = 24

/** What is wrong with a line, in words for whoever wrote it. */
export class Mistake extends Error {}

/** What stands in a line: words, and texts in quotes. */
interface Token {
  readonly text: string
  readonly isQuoted: boolean
}

/** The words of one line, taken one after the other. What is not as expected is a Mistake. */
export class ScriptWords {
  readonly #tokens: readonly Token[]
  #next = 0

  /** A `#` outside quotes begins a comment. */
  constructor(line: string) {
    this.#tokens = [...withoutComment(line).matchAll(WORD)].map(([whole, quoted]) =>
      quoted === undefined ? { text: whole, isQuoted: false } : { text: quoted, isQuoted: true },
    )
  }

  get isAtEnd(): boolean {
    return this.#next === this.#tokens.length
  }

  /** The next word, which stays; undefined: a text, or nothing. */
  peek(): string | undefined {
    const token = this.#tokens[this.#next]
    return token?.isQuoted === false ? token.text : undefined
  }

  /** `what` should be there. */
  word(what: string): string {
    const token = this.#tokens[this.#next]
    if (token === undefined) throw new Mistake(`the line ends where ${what} should be`)
    if (token.isQuoted) throw new Mistake(`${shown(token.text)} is a text where ${what} should be`)
    this.#next++
    return token.text
  }

  name(): Name {
    const name = this.word('the name of a member')
    if (!NAME.test(name)) {
      throw new Mistake(`${shown(name)} is no name: names are a small letter and up to 7 more small letters or digits`)
    }
    return name
  }

  names(): Name[] {
    const names: Name[] = []
    while (!this.isAtEnd) names.push(this.name())
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

  /** Names on both sides of a `|`, or of several. */
  sides(): Name[][] {
    const sides: Name[][] = [[]]
    while (!this.isAtEnd) {
      if (this.peek() === '|') {
        this.#next++
        sides.push([])
      } else sides.at(-1)!.push(this.name())
    }
    if (sides.length < 2 || sides.some((side) => side.length === 0)) {
      throw new Mistake('part needs members on both sides, as in “part a b | c”')
    }
    const names = sides.flat()
    if (new Set(names).size < names.length) throw new Mistake('a name is there twice')
    return sides
  }

  text(): string {
    const token = this.#tokens[this.#next]
    if (token === undefined) throw new Mistake('the line ends where a text in "quotes" should be')
    if (!token.isQuoted) throw new Mistake(`${shown(token.text)} stands where a text in "quotes" should be`)
    const { text } = token
    if (text.trim() === '' || text.length > SCRIPT_LIMITS.valueLength) {
      throw new Mistake(`a text has 1 to ${SCRIPT_LIMITS.valueLength} characters`)
    }
    if (text.search(UNSEEN) !== -1) throw new Mistake('a text has no control characters')
    this.#next++
    return text
  }

  milliseconds(what: string, least: number): number {
    const word = this.word(`milliseconds after ${what}`)
    const ms = Number(word)
    if (!/^\d{1,6}$/.test(word) || ms < least || ms > SCRIPT_LIMITS.lengthMs) {
      throw new Mistake(`${shown(word)} is no time: milliseconds from ${least} to ${SCRIPT_LIMITS.lengthMs}`)
    }
    return ms
  }

  end(): void {
    const rest = this.#tokens[this.#next]
    if (rest !== undefined) throw new Mistake(`${shown(rest.text)} is too much`)
  }
}

/** In quotes, and cut: what is told of a mistake may be anything. */
export function shown(text: string): string {
  const clean = text.replace(UNSEEN, '\uFFFD')
  return `“${clean.length > SHOWN_LENGTH ? `${clean.slice(0, SHOWN_LENGTH - 1).replace(/\p{Cs}$/u, '')}…` : clean}”`
}

function withoutComment(line: string): string {
  let isQuoted = false
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') isQuoted = !isQuoted
    else if (line[i] === '#' && !isQuoted) return line.slice(0, i)
  }
  if (isQuoted) throw new Mistake('a text in quotes does not end')
  return line
}
