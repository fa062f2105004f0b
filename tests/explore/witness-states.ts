import { lineageTag } from '../../peer/engine/new-state.ts'
import { decodeWitnessAnswer, decodeWitnessRequest } from '../../peer/wire/witness.ts'
import { Witness } from '../../signaling/witness.ts'
import type { Histories } from './history.ts'

const ROOM = 'room'

/** The shipping witness at a moment, as the shortest sequence of requests that brings a new one there. */
export interface WitnessState {
  /** Counts its memories: the token is `t` and this. */
  readonly boot: number
  readonly requests: readonly Uint8Array[]
  /** Its votes, those of forgotten memories too. */
  readonly history: number
}

export function tokenOf({ boot }: WitnessState): string {
  return `t${boot}`
}

/** Has the shipping witness answer. */
export function askWitness(
  state: WitnessState,
  request: Uint8Array,
  histories: Histories,
): { readonly next: WitnessState; readonly answer: Uint8Array } {
  const witness = new Witness({ renewed: () => {}, random: () => tokenOf(state) })
  witness.tokenOf(ROOM)
  for (const earlier of state.requests) witness.answer(ROOM, earlier)
  const answer = witness.answer(ROOM, request)
  if (!(answer instanceof Uint8Array)) throw new Error(`the witness takes a request for nonsense: ${answer.why}`)
  return { next: after(state, request, answer, histories), answer }
}

/** A new memory under a new token. */
export function restarted({ boot, history }: WitnessState): WitnessState {
  return { boot: boot + 1, requests: [], history }
}

/** Whether it has no vote on the successor of the view, because it voted in a later one. */
export function isPast(state: WitnessState, view: { readonly lineage: string; readonly number: number }): boolean {
  return state.requests.some((bytes) => {
    const request = requestOf(bytes)
    return request.lineage === view.lineage && request.number > view.number
  })
}

/** A vote makes earlier requests for the same lineage of no account, but for what a promise still tells. */
function after(state: WitnessState, bytes: Uint8Array, answerBytes: Uint8Array, histories: Histories): WitnessState {
  const answer = decodeWitnessAnswer(answerBytes)
  const isVote = answer.kind === 'accepted' || (answer.kind === 'promise' && answer.votes)
  if (!isVote) return state
  const { lineage, number, ballot } = answer
  const kept = state.requests.filter((earlier) => {
    const request = requestOf(earlier)
    if (request.lineage !== lineage) return true
    return answer.kind === 'promise' && request.kind === 'accept' && request.number === number
  })
  const vote = { type: 'vote', lineageTag: lineageTag(lineage), number, ballot, token: tokenOf(state) } as const
  const history = answer.kind === 'accepted' ? histories.append(state.history, vote) : state.history
  const others = kept.filter((earlier) => requestOf(earlier).lineage !== lineage)
  const requests = [...others, ...kept.filter((earlier) => !others.includes(earlier)), bytes]
  return { boot: state.boot, requests, history }
}

function requestOf(bytes: Uint8Array) {
  const request = decodeWitnessRequest(bytes)
  if (request.kind === 'invalid') throw new Error(request.why)
  return request
}

/** States of the witness, numbered, and what each request makes of each, worked out once. */
export class WitnessStates {
  readonly #states: WitnessState[] = []
  readonly #numbers = new Map<string, number>()
  readonly #answers = new Map<string, { readonly next: number; readonly answer: Uint8Array }>()
  readonly #histories: Histories

  constructor(histories: Histories) {
    this.#histories = histories
  }

  get(state: number): WitnessState {
    return this.#states[state]!
  }

  add(state: WitnessState): number {
    const { boot, requests, history } = state
    const key = `${boot} ${history} ${requests.map((request) => Buffer.from(request).toString('latin1')).join(' ')}`
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#states.push(state) - 1
      this.#numbers.set(key, number)
    }
    return number
  }

  /** `message` stands for `request`. */
  ask(state: number, message: number, request: Uint8Array): { readonly next: number; readonly answer: Uint8Array } {
    const key = `${state} ${message}`
    let known = this.#answers.get(key)
    if (known === undefined) {
      const { next, answer } = askWitness(this.get(state), request, this.#histories)
      known = { next: this.add(next), answer }
      this.#answers.set(key, known)
    }
    return known
  }

  restarted(state: number): number {
    return this.add(restarted(this.get(state)))
  }
}
