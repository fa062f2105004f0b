import type { Program } from '../run.ts'
import { numberIn } from '../scenario.ts'
import type { Name, Side } from '../side.ts'

const QUESTION = 'how many?'

/** A part of the answer on its way to the asker: whom it counts, and their sum. */
interface Part {
  readonly count: number
  readonly sum: number
}

/**
 * Sums up one number of every member along a tree that nobody has to agree on: it follows from the view, which all members
 * know alike, and from who asks. Each waits for the parts of its children, adds its own number and sends one letter to its
 * parent. When the view changes, the tree is another one and the question begins anew, so that nobody waits for the dead.
 */
export class Aggregation implements Program {
  readonly #side: Side
  readonly #members = new Map<Name, Member>()

  constructor(side: Side) {
    this.#side = side
  }

  view(at: Name, members: readonly Name[]): void {
    const member = this.#of(at)
    member.view = members
    member.hasSent = false
    this.#report(at, member)
  }

  deliver(at: Name, { value, from }: { value: string; from: Name }): void {
    if (value !== QUESTION) return
    const member = this.#of(at)
    member.asker = from
    this.#report(at, member)
  }

  letter(at: Name, from: Name, value: string): void {
    const [view, count, sum] = value.split('·').map((text) => text.trim()) as [string, string, string]
    const member = this.#of(at)
    const parts = member.parts.get(view) ?? new Map<Name, Part>()
    parts.set(from, { count: Number(count), sum: numberIn(sum) })
    member.parts.set(view, parts)
    this.#report(at, member)
  }

  state(at: Name): string {
    const { answer, asker } = this.#of(at)
    if (answer !== undefined) return `${answer.sum} from ${answer.count} members`
    return asker === at ? 'waiting' : `has ${ownNumber(at)}`
  }

  #report(at: Name, member: Member): void {
    const { asker, view, hasSent, answer } = member
    if (asker === undefined || hasSent || answer !== undefined || !view.includes(asker)) return
    const key = keyOf(view)
    const { parent, children } = placeIn(view, asker, at)
    const parts = children.map((child) => member.parts.get(key)?.get(child))
    if (parts.some((part) => part === undefined)) return
    const whole = (parts as Part[]).reduce((a, b) => ({ count: a.count + b.count, sum: a.sum + b.sum }), {
      count: 1,
      sum: ownNumber(at),
    })
    member.hasSent = true
    if (parent === undefined) {
      member.answer = whole
      this.#side.note(at, `${at} knows: ${whole.sum} from ${whole.count} members`)
    } else this.#side.tell(at, parent, `${key} · ${whole.count} · ${whole.sum}`)
  }

  #of(name: Name): Member {
    const known = this.#members.get(name)
    if (known !== undefined) return known
    const made: Member = { view: [], asker: undefined, parts: new Map(), hasSent: false, answer: undefined }
    this.#members.set(name, made)
    return made
  }
}

interface Member {
  view: readonly Name[]
  asker: Name | undefined
  /** By the view that they are of: a letter may be there before the view is. */
  readonly parts: Map<string, Map<Name, Part>>
  hasSent: boolean
  answer: Part | undefined
}

/** Where a member stands in the tree of two children each whose root is the asker. */
function placeIn(view: readonly Name[], asker: Name, at: Name): { parent: Name | undefined; children: Name[] } {
  const turn = view.indexOf(asker)
  const place = (view.indexOf(at) - turn + view.length) % view.length
  const memberAt = (index: number): Name => view[(index + turn) % view.length]!
  const children = [2 * place + 1, 2 * place + 2].filter((child) => child < view.length).map(memberAt)
  return { parent: place === 0 ? undefined : memberAt(Math.floor((place - 1) / 2)), children }
}

function keyOf(view: readonly Name[]): string {
  return view.join('')
}

/** What each member has to say: 1 for a, 2 for b … */
export function ownNumber(name: Name): number {
  return name.charCodeAt(0) - 96
}

/** Everybody answers the asker alone, at once, and the asker waits until as many have answered as it takes for members. */
export class EveryoneAnswers implements Program {
  readonly #side: Side
  #asker: Name | undefined
  #expected = 0
  #parts: number[] = []

  constructor(side: Side) {
    this.#side = side
  }

  deliver(at: Name, { value, from }: { value: string; from: Name }): void {
    if (value !== QUESTION) return
    if (at !== from) return this.#side.tell(at, from, `1 · ${ownNumber(at)}`)
    this.#asker = at
    this.#expected = this.#side.names.length
    this.#parts = [ownNumber(at)]
  }

  letter(at: Name, _from: Name, value: string): void {
    this.#parts.push(numberIn(value))
    if (this.#parts.length === this.#expected) this.#side.note(at, `${at} knows: ${this.state(at)}`)
  }

  state(at: Name): string {
    if (at !== this.#asker) return `has ${ownNumber(at)}`
    const sum = this.#parts.reduce((a, b) => a + b, 0)
    const isWhole = this.#parts.length === this.#expected
    return isWhole ? `${sum} from ${this.#parts.length} members` : `waiting: ${this.#parts.length} of ${this.#expected}`
  }
}
