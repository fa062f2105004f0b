import type { Program } from '../run.ts'
import type { Delivered, Name, Side } from '../side.ts'

const COUNT = 'count'
const BALANCE = 'has '
const LATE = 'came later '
const NO_ACCOUNT = 'no account'
const START = 100

interface Account {
  balance: number
  /** What this member counted: its own balance when the count reached it. */
  counted: number | undefined
  /** What came after that, from members that had not been counted when they sent it. */
  inTransit: number
  /** Balances that others have told, and so all that they had sent before is here. */
  readonly told: Map<Name, number>
}

/**
 * Money goes from member to member: `give b 10` leaves the giver's account when it is sent and reaches b's when it is
 * delivered, so there is always some on its way. A distributed snapshot (Chandy and Lamport) finds how much there is without
 * stopping anybody. `count` is multicast; each member notes its balance when it delivers that, and multicasts the note. What
 * it delivers from another between its own note and the other's was on its way. The group gives what the algorithm needs:
 * channels in order, a message that reaches all or none, and one list of members.
 */
export class Snapshot implements Program {
  readonly #side: Side
  /** Of those who are there from the beginning. One that joins has none. */
  readonly #accounts = new Map<Name, Account>()
  /** What each has heard of what came late to the others. */
  readonly #lates = new Map<Name, Map<Name, number>>()
  readonly #sums = new Map<Name, number>()

  constructor(side: Side) {
    this.#side = side
    for (const name of side.names) this.#accounts.set(name, newAccount())
  }

  deliver(at: Name, { from, value }: Delivered): void {
    const account = this.#accounts.get(at)
    if (account === undefined) return
    const gift = giftIn(value)
    if (gift !== undefined) this.#move(at, from, gift, account)
    else if (value === COUNT) {
      account.counted = account.balance
      this.#side.cast('causal', at, `${BALANCE}${account.balance}`)
    } else if (value.startsWith(BALANCE)) {
      account.told.set(from, Number(value.slice(BALANCE.length)))
      if (account.told.size === this.#accounts.size) {
        this.#side.cast('causal', at, `${LATE}${account.inTransit}`)
      }
    } else if (value.startsWith(LATE)) this.#late(at, from, account, Number(value.slice(LATE.length)))
  }

  state(at: Name): string {
    const account = this.#accounts.get(at)
    if (account === undefined) return NO_ACCOUNT
    const sum = this.#sums.get(at)
    return sum === undefined ? `${account.balance}` : `${account.balance}; counted ${sum}`
  }

  #move(at: Name, from: Name, gift: { to: Name; amount: number }, account: Account): void {
    if (from === at) account.balance -= gift.amount
    if (gift.to !== at) return
    account.balance += gift.amount
    if (account.counted !== undefined && !account.told.has(from)) account.inTransit += gift.amount
  }

  /** When all have told what was on its way to them, the sum is whole. */
  #late(at: Name, from: Name, { told }: Account, amount: number): void {
    const lates = this.#lates.get(at) ?? new Map<Name, number>()
    this.#lates.set(at, lates.set(from, amount))
    if (lates.size < this.#accounts.size) return
    const sum = [...told.values(), ...lates.values()].reduce((a, b) => a + b, 0)
    this.#sums.set(at, sum)
    this.#side.note(at, `${at} counts ${sum}`)
  }
}

/** The same accounts, asked one by one: each says what it has when the question gets there. */
export class AskedOneByOne implements Program {
  readonly #side: Side
  readonly #balances = new Map<Name, number>()
  readonly #answers = new Map<Name, number>()
  #asker: Name | undefined

  constructor(side: Side) {
    this.#side = side
    for (const name of side.names) this.#balances.set(name, START)
  }

  deliver(at: Name, { from, value }: Delivered): void {
    const balance = this.#balances.get(at)
    if (balance === undefined) return
    const gift = giftIn(value)
    if (gift !== undefined) {
      const sign = (from === at ? -1 : 0) + (gift.to === at ? 1 : 0)
      this.#balances.set(at, balance + sign * gift.amount)
    } else if (value === COUNT) {
      if (at === from) this.#asker = at
      this.#side.tell(at, from, `${BALANCE}${balance}`)
    }
  }

  letter(at: Name, from: Name, value: string): void {
    this.#answers.set(from, Number(value.slice(BALANCE.length)))
    if (this.#isWhole) this.#side.note(at, `${at} counts ${this.#sum()}`)
  }

  state(at: Name): string {
    const balance = this.#balances.get(at)
    if (balance === undefined) return NO_ACCOUNT
    return at === this.#asker && this.#isWhole ? `${balance}; counted ${this.#sum()}` : `${balance}`
  }

  get #isWhole(): boolean {
    return this.#answers.size === this.#balances.size
  }

  #sum(): number {
    return [...this.#answers.values()].reduce((a, b) => a + b, 0)
  }
}

function newAccount(): Account {
  return { balance: START, counted: undefined, inTransit: 0, told: new Map() }
}

function giftIn(value: string): { readonly to: Name; readonly amount: number } | undefined {
  const [, to, amount] = /^give (\S+) (\d+)$/.exec(value) ?? []
  return to === undefined ? undefined : { to, amount: Number(amount) }
}
