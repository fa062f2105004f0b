import type { CastKind } from '../../peer/index.ts'
import { Mistake, type ScriptWords, shown } from './script-words.ts'
import type { Name } from './side.ts'

/** One thing that a script, or a hand, has done. */
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

const KINDS: ReadonlyMap<string, CastKind> = new Map([
  ['fbcast', 'fifo'],
  ['cbcast', 'causal'],
  ['abcast', 'total'],
])
const VERBS = 'cbcast, abcast, fbcast, tell, note, join, leave, crash, freeze, cut, mend, lose, delay, part or heal'

/** Takes an order from a line. What is none is a Mistake. */
export function readOrder(words: ScriptWords): Order {
  const verb = words.word(`what to do: ${VERBS}`)
  const kind = KINDS.get(verb)
  if (kind !== undefined) return { do: 'cast', kind, who: words.name(), value: words.text() }
  switch (verb) {
    case 'tell':
      return { do: 'tell', ...words.pair(), value: words.text() }
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
      throw new Mistake(`${shown(verb)} is nothing that can be done: use ${VERBS}`)
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

/** Who has to be there for it to make sense. */
export function namesIn(order: Order): Name[] {
  if (order.do === 'part') return order.sides.flat()
  if (order.do === 'heal') return []
  return 'to' in order ? [order.who, order.to] : [order.who]
}
