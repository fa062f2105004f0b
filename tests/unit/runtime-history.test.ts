import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forkOf, isBefore, type Place, partingOf, strayOf } from '../../peer/base/ancestry.ts'
import { type Lineage, type MemberId, type MessageId, messagePrefix } from '../../peer/base/ids.ts'
import { type Difference, type Entered, History, isPartOf, type Origin, type Past } from '../../peer/runtime/history.ts'

const SELF = 'me.1' as MemberId
const SENDERS = ['a.1', 'b.1', 'c.3'] as [MemberId, MemberId, MemberId]
const [KEY, STRANGER] = ['K', 'S'] as [Lineage, Lineage]
const UNBOUNDED = 1024 * 1024
const VIEW = { lineage: KEY, number: 1 }

describe('the history that a member carries into another lineage', () => {
  it('names what another lineage lacks exactly as a list of all deliveries does [PT4]', () => {
    fc.assert(
      fc.property(fc.array(step(), { maxLength: 60 }), (steps) => {
        const walk = new Walk(UNBOUNDED)
        for (const step of [...steps, TO_STRANGER]) {
          const entry = walk.take(step)
          if (entry === undefined) continue
          const { difference, lacking } = entry
          expect(difference.forgotten).toBe(0)
          expect(difference.kept).toEqual(lacking.filter(isOwn))
          expect(idsOf(difference)).toEqual([...idsBySender(lacking), ...idsOfOwn(lacking)])
          for (const { from, ids } of difference.noted) for (const id of ids) expect(id.split('/')[2]).toBe(from)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('lets the oldest go, and tells how many more may be lacking if and only if some are [PT4]', () => {
    const plain = step().filter(({ type }) => type !== 'remove' && type !== 'repeat')
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 120 }), fc.integer({ min: 0, max: 8_000 }), (steps, bytesMax) => {
        const walk = new Walk(bytesMax)
        for (const step of [...steps, TO_STRANGER]) {
          const entry = walk.take(step)
          if (entry === undefined) continue
          const { difference, lacking, before } = entry
          const letGo = new Set(before.slice(0, difference.forgotten))
          const rest = lacking.filter((past) => !letGo.has(past))
          expect(idsOf(difference)).toEqual([...idsBySender(rest), ...idsOfOwn(rest)])
          expect(difference.forgotten > 0).toBe(rest.length < lacking.length)
          expect(bytesOf(difference)).toBeLessThanOrEqual(bytesMax)
          walk.oracle.drop(letGo)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('keeps tens of thousands of deliveries in mind, the latest, and not more [PT4]', () => {
    const history = new History(UNBOUNDED)
    history.lineage = KEY
    const total = 300_000
    for (let i = 0; i < total; i++) history.add(VIEW, SENDERS[i % 3]!, Math.floor(i / 3) + 1, Math.floor(i / 3) + 5)
    const { noted, forgotten } = history.enter({ into: STRANGER, fates: [] })
    const known = noted.reduce((sum, { ids }) => sum + ids.length, 0)
    expect(known + forgotten).toBe(total)
    expect(known).toBeLessThanOrEqual(UNBOUNDED / 16)
    expect(known).toBeGreaterThan(0.9 * (UNBOUNDED / 16))
    for (const { from, ids } of noted) expect(ids.at(-1)).toBe(`K/1/${from}/${total / 3}`)
  })

  it('keeps nothing in mind of a multicast that is larger than the bound, and says so [PT4]', () => {
    const history = new History(1_000)
    history.lineage = KEY
    history.add(VIEW, SENDERS[0], 1, 1)
    history.keep(past(VIEW, 1, 1, 2_000))
    history.add(VIEW, SENDERS[0], 2, 2)
    const { noted, kept, forgotten } = history.enter({ into: STRANGER, fates: [] })
    expect(noted).toEqual([{ from: SENDERS[0], ids: ['K/1/a.1/2'] }])
    expect(kept).toEqual([])
    expect(forgotten).toBe(2)
  })

  it('knows where a stream was cut in the midst of what followed one another, parts of values counted [PT4]', () => {
    const entered = (history: History, cut: number): Difference => {
      history.lineage = forkOf(KEY, 1, 0)
      // The third has two parts before it.
      for (const [seq, last] of [
        [1, 1],
        [2, 2],
        [3, 5],
        [4, 6],
      ] as const)
        history.add(VIEW, SENDERS[0], seq, last)
      return history.enter({ into: KEY, fates: [{ number: 1, member: SENDERS[0], cut }] })
    }
    for (const [cut, lacking] of [
      [0, 4],
      [1, 3],
      [2, 2],
      [4, 2],
      [5, 1],
      [6, 0],
    ] as const) {
      const ids = ['K/1/a.1/1', 'K/1/a.1/2', 'K/1/a.1/3', 'K/1/a.1/4'].slice(4 - lacking)
      expect(idsOf(entered(new History(UNBOUNDED), cut))).toEqual(ids)
      expect(entered(new History(0), cut).forgotten).toBe(lacking === 0 ? 0 : 4)
    }
  })

  it('knows how far a stream goes that it let go [PT4]', () => {
    const history = new History(64 * 1_000)
    history.lineage = forkOf(KEY, 1, 0)
    const total = 4_000
    for (let seq = 1; seq <= total; seq++) history.add(VIEW, SENDERS[0], seq, seq)
    const upTo = (cut: number): Entered => ({ into: KEY, fates: [{ number: 1, member: SENDERS[0], cut }] })
    const { noted, forgotten } = history.enter(upTo(total))
    expect([noted, forgotten]).toEqual([[], 0])
    // Too large to be kept, it takes the rest along.
    history.keep(past(VIEW, 1, 1, 64 * 1_000))
    history.lineage = forkOf(KEY, 1, 0)
    expect(history.enter(upTo(total)).forgotten).toBe(0)
    history.lineage = forkOf(KEY, 1, 0)
    expect(history.enter(upTo(total - 1)).forgotten).toBe(total + 1)
  })

  it('says nothing of what was let go as long as the other lineage has it, and all of it once it may not [PT4]', () => {
    const history = new History(0)
    history.lineage = forkOf(KEY, 3, 0)
    history.add({ lineage: KEY, number: 3 }, SENDERS[0], 1, 4)
    history.add({ lineage: KEY, number: 3 }, SENDERS[1], 1, 1)
    const fates = [{ number: 3, member: SENDERS[0], cut: 4 }]
    expect(history.enter({ into: KEY, fates }).forgotten).toBe(0)
    expect(history.enter({ into: forkOf(KEY, 3, 1), fates: [{ ...fates[0]!, cut: 3 }] }).forgotten).toBe(2)
    expect(history.enter({ into: STRANGER, fates: [] }).forgotten).toBe(0)
  })
})

type Step =
  /** `skipped`: messages of other purposes before it; `entries`: the parts that it is in. */
  | { type: 'deliver'; sender: number; skipped: number; entries: number; isEarly: boolean }
  | { type: 'keep'; skipped: number; entries: number; bytes: number }
  /** Sent again: the multicast that was taken out then, by its index. */
  | { type: 'repeat'; which: number }
  /** What was taken out turned out to be part of the history. */
  | { type: 'return'; which: number }
  | { type: 'remove'; which: number }
  | { type: 'view' }
  | { type: 'fork'; rank: number; strays: boolean }
  | { type: 'enter'; which: number; cuts: number[] }
  | typeof TO_STRANGER

/** Nothing of this history is in that one. */
const TO_STRANGER = { type: 'stranger' } as const

function step(): fc.Arbitrary<Step> {
  const which = fc.nat(20)
  const [skipped, entries] = [fc.constantFrom(0, 0, 0, 2), fc.constantFrom(1, 1, 1, 3)]
  const sender = fc.nat(SENDERS.length - 1)
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ type: fc.constant('deliver'), sender, skipped, entries, isEarly: fc.boolean() }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant('keep'), skipped, entries, bytes: fc.constantFrom(0, 9, 700) }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('repeat'), which }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('return'), which }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('remove'), which }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('view') }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('fork'), rank: fc.nat(2), strays: fc.boolean() }) },
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('enter'), which, cuts: fc.array(fc.nat(9), { maxLength: 4 }) }),
    },
  ) as fc.Arbitrary<Step>
}

/** Another lineage was entered. */
interface Entry {
  readonly difference: Difference
  /** What the oracle says that it lacks, in the order of delivery, and all that the oracle knew of before. */
  readonly lacking: readonly Past[]
  readonly before: readonly Past[]
}

/** One member's way through lineages, told to a history and to the oracle. */
class Walk {
  readonly oracle = new Oracle()
  readonly #history: History
  #place: Place = { lineage: KEY, number: 1 }
  /** Views that it was in. */
  readonly #places: Place[] = [this.#place]
  readonly #counts = new Map<string, { seq: number; last: number }>()
  readonly #taken: Origin[] = []
  readonly #ids: MessageId[] = []
  #strangers = 0

  constructor(bytesMax: number) {
    this.#history = new History(bytesMax)
    this.#history.lineage = KEY
    this.oracle.lineage = KEY
  }

  take(step: Step): Entry | undefined {
    switch (step.type) {
      case 'deliver':
        return this.#deliver(SENDERS[step.sender]!, step.skipped, step.entries, step.isEarly)
      case 'keep':
        return this.#keep(step.skipped, step.entries, step.bytes, undefined)
      case 'repeat': {
        const origin = this.#taken[step.which]
        return origin && this.#keep(0, 1, 5, origin)
      }
      case 'return':
        for (const { past } of this.#taken.splice(step.which, 1)) this.#add(past)
        return
      case 'remove': {
        const id = this.#ids.at(-1 - step.which) ?? ('K/9/a.1/9' as MessageId)
        this.#history.remove(id)
        this.oracle.remove(id)
        return
      }
      case 'view':
        return this.#enterView({ ...this.#place, number: this.#place.number + 1 })
      case 'fork': {
        const { lineage, number } = this.#place
        const fork = step.strays ? strayOf(lineage, number, step.rank) : forkOf(lineage, number, step.rank)
        this.#history.lineage = fork
        this.oracle.lineage = fork
        return this.#enterView({ lineage: fork, number: number + 1 })
      }
      case 'enter':
        return this.#enter(step.which, step.cuts)
      case 'stranger':
        return this.#move({ into: `${STRANGER}${++this.#strangers}` as Lineage, fates: [] })
    }
  }

  #deliver(from: MemberId, skipped: number, entries: number, isEarly: boolean): undefined {
    const counts = this.#countsOf(from)
    counts.seq += skipped + 1
    counts.last += skipped + entries
    // An fbcast goes before what waits for its place.
    const [seq, last] = isEarly ? [++counts.seq, ++counts.last] : [counts.seq, counts.last]
    this.#note(from, seq, last)
    if (isEarly) this.#note(from, seq - 1, last - 1)
  }

  #note(from: MemberId, seq: number, last: number): void {
    const { lineage, number } = this.#place
    this.#history.add({ lineage, number }, from, seq, last)
    this.oracle.add(past(this.#place, seq, last, 0, from))
    this.#ids.push(`${messagePrefix(lineage, number, from)}${seq}` as MessageId)
  }

  #keep(skipped: number, entries: number, bytes: number, origin: Origin | undefined): undefined {
    const counts = this.#countsOf(SELF)
    counts.seq += skipped + 1
    counts.last += skipped + entries
    this.#add({ ...past(this.#place, counts.seq, counts.last, bytes), origin })
  }

  #add(kept: Past): void {
    this.#history.keep(kept)
    this.oracle.add(kept)
    this.#ids.push(kept.id)
  }

  #enterView(place: Place): undefined {
    this.#place = place
    this.#places.push(place)
  }

  /** Another lineage: one that it was in, or a fork of it. */
  #enter(which: number, cuts: readonly number[]): Entry | undefined {
    const { lineage, number } = this.#places.at(-1 - ((which >> 1) % this.#places.length))!
    const into = which % 2 === 0 ? lineage : forkOf(lineage, number, 7)
    if (into === this.oracle.lineage) return
    const members = [...SENDERS, SELF]
    const fates = this.#places.flatMap((place) =>
      cuts.map((cut, i) => ({ number: place.number, member: members[i]!, cut })),
    )
    return this.#move({ into, fates })
  }

  #move(entered: Entered): Entry {
    const path = this.oracle.lineage
    const difference = this.#history.enter(entered)
    const before = this.oracle.past
    const lacking = this.oracle.enter(entered)
    for (const kept of difference.kept) this.#taken.push({ past: kept, path })
    // Nobody comes to a view twice.
    const number = 1 + Math.max(...this.#places.map((place) => place.number))
    this.#enterView({ lineage: entered.into, number })
    return { difference, lacking, before }
  }

  #countsOf(from: MemberId): { seq: number; last: number } {
    const key = messagePrefix(this.#place.lineage, this.#place.number, from)
    const counts = this.#counts.get(key) ?? { seq: 0, last: 0 }
    this.#counts.set(key, counts)
    return counts
  }
}

/** The history as a list of all that was delivered, without bounds. */
class Oracle {
  past: readonly Past[] = []
  #removed = new Set<MessageId>()
  lineage: Lineage = KEY

  add(delivered: Past): void {
    this.past = [...this.past, delivered]
  }

  remove(id: MessageId): void {
    this.#removed.add(id)
  }

  drop(some: ReadonlySet<Past>): void {
    this.past = this.past.filter((delivered) => !some.has(delivered))
  }

  enter(entered: Entered): Past[] {
    const path = this.lineage
    const known = this.past.filter(({ id }) => !this.#removed.has(id))
    this.#removed = new Set()
    this.past = known.filter((delivered) => isShared(delivered, path, entered))
    this.lineage = entered.into
    return known.filter((delivered) => !isShared(delivered, path, entered))
  }
}

function isShared({ place, from, last, origin }: Past, path: Lineage, entered: Entered): boolean {
  if (origin !== undefined && isPartOf(origin, entered)) return true
  const parting = partingOf(path, entered.into)
  if (isBefore(place, parting)) return true
  if (place.lineage !== parting?.lineage || place.number !== parting.number) return false
  const fate = entered.fates.find(({ member, number }) => member === from && number === place.number)
  return fate === undefined || last <= fate.cut
}

function past({ lineage, number }: Place, seq: number, last: number, bytes: number, from = SELF): Past {
  const id = `${messagePrefix(lineage, number, from)}${seq}` as MessageId
  const payload = new Uint8Array(bytes)
  return { id, kind: 'causal', payload, from, place: { lineage, number }, last, origin: undefined }
}

function isOwn({ from }: Past): boolean {
  return from === SELF
}

function idsOfOwn(delivered: readonly Past[]): MessageId[] {
  return delivered.filter(isOwn).map(({ id }) => id)
}

/** Of others: by view, then by sender, each sender's in the order of delivery. */
function idsBySender(delivered: readonly Past[]): MessageId[] {
  const views = new Map<string, Map<MemberId, MessageId[]>>()
  for (const { id, from, place } of delivered.filter((one) => !isOwn(one))) {
    const key = `${place.lineage}/${place.number}`
    const view = views.get(key) ?? new Map<MemberId, MessageId[]>()
    views.set(key, view)
    view.set(from, [...(view.get(from) ?? []), id])
  }
  return [...views.values()].flatMap((view) => [...view.values()].flat())
}

function idsOf({ noted, kept }: Difference): MessageId[] {
  return [...noted.flatMap(({ ids }) => ids), ...kept.map(({ id }) => id)]
}

function bytesOf({ noted, kept }: Difference): number {
  const numbers = noted.reduce((sum, { ids }) => sum + 16 * ids.length, 0)
  return kept.reduce((sum, { payload }) => sum + payload.length + 200, numbers)
}
