import type { CastKind } from '../../peer/base/cast-kind.ts'
import type { MemberId } from '../../peer/base/ids.ts'
import type { Output } from '../../peer/engine/io.ts'
import type { Core } from '../../peer/engine/state.ts'
import { decode } from '../../peer/wire/codec.ts'

/** What one member did, as far as the rules speak of it. */
export type Item =
  | { readonly type: 'install'; readonly lineage: string; readonly number: number; readonly members: readonly string[] }
  | { readonly type: 'vote'; readonly number: number; readonly ballot: number }
  | { readonly type: 'stamped'; readonly id: string; readonly kind: CastKind }
  | {
      readonly type: 'deliver'
      readonly id: string
      readonly kind: CastKind
      readonly order: number | undefined
      readonly payload: string
    }
  | { readonly type: 'fate'; readonly id: string | undefined; readonly fate: string }
  /** `next`: the view after `number`, if it was told. */
  | { readonly type: 'ended'; readonly reason: string; readonly number: number; readonly next?: readonly string[] }

/** Histories as numbers: equal histories have equal numbers. 0 is the empty one. */
export class Histories {
  readonly #items: (readonly Item[])[] = [[]]
  readonly #numbers = new Map<string, number>()

  items(history: number): readonly Item[] {
    return this.#items[history]!
  }

  append(history: number, item: Item): number {
    const key = `${history} ${JSON.stringify(item)}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#items.push([...this.items(history), item]) - 1
    this.#numbers.set(key, number)
    return number
  }

  appendAll(history: number, items: Iterable<Item>): number {
    let number = history
    for (const item of items) number = this.append(number, item)
    return number
  }
}

/** What the outputs of a step add to a history. `before`: the number of the view in which the step began. */
export function itemsOf(outputs: readonly Output[], before: number, { state }: Core): Item[] {
  const items: Item[] = []
  const next = state.decisions.find(({ view }) => view.number === before)?.value.members.map(({ id }) => id)
  let vote = ''
  for (const output of outputs) {
    const item = output.type === 'send' ? voteOf(output) : itemOf(output, before, next)
    if (item === undefined) continue
    // The same vote goes to several members.
    if (item.type === 'vote' && JSON.stringify(item) === vote) continue
    if (item.type === 'vote') vote = JSON.stringify(item)
    items.push(item)
  }
  return items
}

function itemOf(
  output: Exclude<Output, { type: 'send' }>,
  before: number,
  next: readonly string[] | undefined,
): Item | undefined {
  switch (output.type) {
    case 'install': {
      const { lineage, number, members } = output.view
      return { type: 'install', lineage, number, members: members.map(({ id }: { id: MemberId }) => id) }
    }
    case 'stamped':
      return { type: 'stamped', id: output.id, kind: output.kind }
    case 'deliver': {
      const { id, kind, order, payload } = output
      return { type: 'deliver', id, kind, order, payload: new TextDecoder().decode(payload) }
    }
    case 'fate':
      return { type: 'fate', id: output.id, fate: output.fate }
    case 'ended':
      return { type: 'ended', reason: output.reason, number: before, ...(next && { next }) }
    default:
      return undefined
  }
}

/** Who proposes a value has accepted it, and who says that it accepted has. */
function voteOf({ tag, message }: Extract<Output, { type: 'send' }>): Item | undefined {
  const decoded = decode(message)
  if (decoded.kind !== 'accept' && decoded.kind !== 'accepted') return undefined
  return { type: 'vote', number: tag.number, ballot: decoded.ballot }
}
