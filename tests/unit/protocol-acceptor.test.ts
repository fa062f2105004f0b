import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Acceptor,
  accept,
  ballotRank,
  highestAccepted,
  newAcceptor,
  nextBallot,
  prepare,
} from '../../peer/membership/acceptor.ts'
import { isQuorum } from '../../peer/membership/quorum.ts'
import type { Accepted, Ballot, Value } from '../../peer/wire/messages.ts'
import { valueNamed } from './protocol-support.ts'

describe('an acceptor', () => {
  it('promises what is not below its promise, the same ballot again [VW3]', () => {
    const acceptor = newAcceptor()
    expect(prepare(acceptor, 5)).toBe(true)
    expect(prepare(acceptor, 5)).toBe(true)
    expect(prepare(acceptor, 4)).toBe(false)
    expect(prepare(acceptor, 6)).toBe(true)
    expect(acceptor).toEqual({ promised: 6, accepted: undefined })
  })

  it('accepts nothing below its promise, and promises by accepting [VW3]', () => {
    const acceptor = newAcceptor()
    prepare(acceptor, 5)
    expect(accept(acceptor, 4, valueNamed(1))).toBe(false)
    expect(accept(acceptor, 7, valueNamed(2))).toBe(true)
    expect(prepare(acceptor, 6)).toBe(false)
    expect(acceptor).toEqual({ promised: 7, accepted: { ballot: 7, value: valueNamed(2) } })
  })

  it('keeps what it accepted through later promises [VW8]', () => {
    const acceptor = newAcceptor()
    accept(acceptor, 5, valueNamed(1))
    prepare(acceptor, 9)
    expect(acceptor.accepted).toEqual({ ballot: 5, value: valueNamed(1) })
  })
})

describe('ballots', () => {
  it('of different ranks differ, rise with the round, and tell their rank [VW8]', () => {
    for (const seen of [0, 1, 4095, 4096, 8191, 123_456_789]) {
      const ballots = [0, 1, 2, 255].map((rank) => nextBallot(seen, rank))
      expect(new Set(ballots).size).toBe(ballots.length)
      for (const ballot of ballots) expect(ballot).toBeGreaterThan(seen)
      expect(ballots.map(ballotRank)).toEqual([0, 1, 2, 255])
    }
  })

  it('of the highest ballot is the value that is proposed again [VW8]', () => {
    const promises = [3, 9, 5].map((ballot) => ({ accepted: { ballot, value: valueNamed(ballot) } }))
    expect(highestAccepted([{ accepted: undefined }, ...promises])?.ballot).toBe(9)
    expect(highestAccepted([{ accepted: undefined }])).toBeUndefined()
  })
})

describe('several proposers at once', () => {
  it.each([2, 3, 4, 5])(
    'never have two values decided by %i acceptors, whatever is lost, late or doubled [VW3] [VW8]',
    (size) => {
      const step = fc.record({ what: fc.constantFrom(...STEPS), proposer: fc.nat(2), pick: fc.nat() })
      fc.assert(
        fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
          const run = new PaxosRun(size)
          for (const { what, proposer, pick } of steps) run.step(what, proposer, pick)
          expect(run.decided.size).toBeLessThanOrEqual(1)
        }),
        { numRuns: 400 },
      )
    },
  )

  it.each([2, 3, 4, 5])('nor when rounds of %i acceptors reach now these and now those [VW3] [VW8]', (size) => {
    const reached = fc.uniqueArray(fc.nat(size - 1))
    const round = fc.record({ proposer: fc.nat(2), prepared: reached, accepted: reached })
    fc.assert(
      fc.property(fc.array(round, { minLength: 3, maxLength: 12 }), (rounds) => {
        const run = new PaxosRun(size)
        for (const { proposer, prepared, accepted } of rounds) run.round(proposer, prepared, accepted)
        expect(run.decided.size).toBeLessThanOrEqual(1)
      }),
      { numRuns: 600 },
    )
  })

  it('do have one decided, and adopted by a later proposer, in such runs [VW8]', () => {
    const run = new PaxosRun(3)
    run.round(0, [0, 1])
    run.round(1, [1, 2])
    expect([...run.decided]).toEqual([0])
    expect(run.acceptors[2]!.accepted?.value.orderCut).toBe(0)
  })
})

const STEPS = ['start', 'deliver', 'deliver', 'deliver', 'lose', 'repeat'] as const

type Letter =
  | { readonly type: 'prepare' | 'nack'; readonly ballot: Ballot; readonly proposer: number; readonly acceptor: number }
  | {
      readonly type: 'promise'
      readonly ballot: Ballot
      readonly proposer: number
      readonly acceptor: number
      readonly accepted: Accepted | undefined
    }
  | {
      readonly type: 'accept'
      readonly ballot: Ballot
      readonly proposer: number
      readonly acceptor: number
      readonly value: Value
    }
  | {
      readonly type: 'accepted'
      readonly ballot: Ballot
      readonly proposer: number
      readonly acceptor: number
      readonly value: Value
    }

interface Proposer {
  ballot: Ballot
  promises: Map<number, { readonly accepted: Accepted | undefined }>
  proposed: boolean
}

/** Three proposers, each with a value of its own, over a network that keeps no order. */
class PaxosRun {
  readonly acceptors: Acceptor[]
  readonly decided = new Set<number>()
  readonly #votes = new Map<Ballot, Set<number>>()
  readonly #proposers: Proposer[] = [0, 1, 2].map(() => ({ ballot: 0, promises: new Map(), proposed: false }))
  readonly #post: Letter[] = []
  #seen = 0

  constructor(size: number) {
    this.acceptors = Array.from({ length: size }, newAcceptor)
  }

  step(what: (typeof STEPS)[number], proposer: number, pick: number): void {
    if (what === 'start' && pick % 3 === 0) return this.#start(proposer)
    const index = pick % Math.max(1, this.#post.length)
    const letter = this.#post[index]
    if (letter === undefined) return this.#start(proposer)
    if (what !== 'repeat') this.#post.splice(index, 1)
    if (what !== 'lose') this.#deliver(letter)
  }

  /** A whole round that reaches these acceptors only, in its first and in its second phase. */
  round(proposer: number, prepared: readonly number[], accepted = prepared): void {
    this.#start(proposer)
    for (let letter = this.#post.shift(); letter !== undefined; letter = this.#post.shift()) {
      const reached = letter.type === 'prepare' || letter.type === 'promise' ? prepared : accepted
      if (reached.includes(letter.acceptor)) this.#deliver(letter)
    }
  }

  #start(index: number): void {
    const ballot = nextBallot(this.#seen, index)
    this.#seen = ballot
    this.#proposers[index] = { ballot, promises: new Map(), proposed: false }
    for (const acceptor of this.acceptors.keys())
      this.#post.push({ type: 'prepare', ballot, proposer: index, acceptor })
  }

  #deliver(letter: Letter): void {
    const { ballot, proposer, acceptor } = letter
    const voter = this.acceptors[acceptor]!
    if (letter.type === 'prepare') {
      if (prepare(voter, ballot)) this.#post.push({ ...letter, type: 'promise', accepted: voter.accepted })
    } else if (letter.type === 'accept') {
      if (accept(voter, ballot, letter.value)) this.#post.push({ ...letter, type: 'accepted' })
    } else if (letter.type === 'promise') {
      this.#promised(this.#proposers[proposer]!, letter)
    } else if (letter.type === 'accepted') {
      const votes = this.#votes.get(ballot) ?? new Set()
      this.#votes.set(ballot, votes.add(acceptor))
      if (isQuorum(votes, { members: this.acceptors.length, witness: false })) this.decided.add(letter.value.orderCut)
    }
  }

  #promised(own: Proposer, { ballot, proposer, acceptor, accepted }: Extract<Letter, { type: 'promise' }>): void {
    if (own.ballot !== ballot || own.proposed) return
    own.promises.set(acceptor, { accepted })
    if (!isQuorum(new Set(own.promises.keys()), { members: this.acceptors.length, witness: false })) return
    own.proposed = true
    const value = highestAccepted(own.promises.values())?.value ?? valueNamed(proposer)
    for (const to of this.acceptors.keys()) this.#post.push({ type: 'accept', ballot, proposer, acceptor: to, value })
  }
}
