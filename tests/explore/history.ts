import type { CastKind } from '../../peer/base/cast-kind.ts'
import type { Input, Output } from '../../peer/engine/io.ts'
import { lineageTag } from '../../peer/engine/new-state.ts'
import type { Core, Decision } from '../../peer/engine/state.ts'
import { decode, kindOf } from '../../peer/wire/codec.ts'

/** What one member, or the witness, did, as far as the rules speak of it. */
export type Item =
  | {
      readonly type: 'install'
      readonly lineage: string
      readonly number: number
      readonly members: readonly string[]
      readonly witness?: string
    }
  /** `token`: of the witness, if the vote is its. */
  | {
      readonly type: 'vote'
      readonly lineageTag: number
      readonly number: number
      readonly ballot: number
      readonly token?: string
    }
  | { readonly type: 'stamped'; readonly id: string; readonly kind: CastKind }
  | {
      readonly type: 'deliver'
      readonly id: string
      readonly kind: CastKind
      readonly order: number | undefined
      readonly payload: string
    }
  | { readonly type: 'fate'; readonly id: string | undefined; readonly fate: string }
  /** It learned what comes after the view: a view of `lineage`, or, if that is undefined, none. */
  | {
      readonly type: 'decided'
      readonly after: { readonly lineage: string; readonly number: number }
      readonly lineage: string | undefined
      /** Which the members join. */
      readonly into?: string
      readonly members: readonly string[]
      readonly witness?: string
    }
  /** `into`: the lineage that it goes to. */
  | { readonly type: 'ended'; readonly reason: string; readonly into?: string }

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

/** What a step adds to a history. `known`: how many decisions the member knew before it. */
export function itemsOf(input: Input, outputs: readonly Output[], known: number, { state }: Core): Item[] {
  const items: Item[] = []
  for (const decision of state.decisions.slice(known)) {
    items.push(decidedOf(decision))
    if (!isTold(input)) items.push(ownVote(decision, state.self))
  }
  const into = outputs.find((output) => output.type === 'dissolved')?.into
  let vote = ''
  for (const output of outputs) {
    const item = output.type === 'send' ? voteOf(output) : itemOf(output, into)
    if (item === undefined) continue
    // The same vote goes to several members.
    if (item.type === 'vote' && JSON.stringify(item) === vote) continue
    if (item.type === 'vote') vote = JSON.stringify(item)
    items.push(item)
  }
  return items
}

const TELLS: ReadonlySet<string | undefined> = new Set(['decide', 'relay'])

/** Whether what the member then knows as decided may be what another told it. */
function isTold(input: Input): boolean {
  return input.type === 'receive' && TELLS.has(kindOf(input.message))
}

/**
 * Who decides has voted, if only to itself: where all others have said goodbye there is nobody to tell of it. A ballot that
 * nobody else has: such a vote counts alone.
 */
function ownVote({ view }: Decision, self: string): Item {
  const ballot = -1 - view.members.findIndex(({ id }) => id === self)
  return { type: 'vote', lineageTag: lineageTag(view.lineage), number: view.number, ballot }
}

function decidedOf({ view, value }: Decision): Item {
  const { passage, members, witness } = value
  const lineage = { on: view.lineage, fork: passage.type === 'fork' ? passage.lineage : undefined, dissolve: undefined }
  return {
    type: 'decided',
    after: { lineage: view.lineage, number: view.number },
    lineage: lineage[passage.type],
    ...(passage.type === 'dissolve' && { into: passage.into }),
    members: members.map(({ id }) => id),
    ...(witness !== undefined && { witness }),
  }
}

function itemOf(output: Exclude<Output, { type: 'send' }>, into: string | undefined): Item | undefined {
  switch (output.type) {
    case 'install': {
      const { lineage, number, members, witness } = output.view
      const ids = members.map(({ id }) => id)
      return { type: 'install', lineage, number, members: ids, ...(witness !== undefined && { witness }) }
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
      return { type: 'ended', reason: output.reason, ...(into !== undefined && { into }) }
    default:
      return undefined
  }
}

/** Who proposes a value has accepted it, and who says that it accepted has. */
function voteOf({ tag, message }: Extract<Output, { type: 'send' }>): Item | undefined {
  const decoded = decode(message)
  if (decoded.kind !== 'accept' && decoded.kind !== 'accepted') return undefined
  return { type: 'vote', lineageTag: tag.lineageTag, number: tag.number, ballot: decoded.ballot }
}
