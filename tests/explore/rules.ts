import type { Lineage } from '../../peer/base/ids.ts'
import { lineageTag } from '../../peer/engine/new-state.ts'
import type { Item } from './history.ts'

type Install = Extract<Item, { type: 'install' }>
type Decided = Extract<Item, { type: 'decided' }>
type Deliver = Extract<Item, { type: 'deliver' }>

/** One member's history, sorted by view. */
interface Life {
  readonly name: string
  readonly items: readonly Item[]
  /** By `lineage/number`. */
  readonly installs: ReadonlyMap<string, Install>
  /** How a view ended, as far as it learned, by that view. */
  readonly decided: ReadonlyMap<string, Decided>
}

/**
 * The members' histories so far, those of crashed ones too, and, if there is one, of the witness; life i is called
 * `names[i]`. Returns the first broken rule.
 */
export function brokenRule(names: readonly string[], histories: readonly (readonly Item[])[]): string | undefined {
  const lives = histories.map((items, index) => lifeOf(names[index]!, items))
  for (const life of lives) {
    const broken = checkViews(life) ?? checkDeliveries(life, lives)
    if (broken !== undefined) return broken
  }
  for (const a of lives) {
    for (const b of lives) {
      const broken = checkSuccessors(a, b) ?? (a === b ? undefined : checkPair(a, b))
      if (broken !== undefined) return broken
    }
  }
  return checkAgreement(lives) ?? checkFates(lives) ?? checkEnds(lives)
}

function lifeOf(name: string, items: readonly Item[]): Life {
  const installs = items.filter((item) => item.type === 'install')
  const decided = items.filter((item) => item.type === 'decided')
  const entered = installs
    .slice(1)
    .map((install, index) => ({ ...install, type: 'decided', after: installs[index]! }) as const)
  return {
    name,
    items,
    installs: new Map(installs.map((install) => [placeOf(install), install])),
    decided: new Map([...decided, ...entered].map((item) => [placeOf(item.after), item])),
  }
}

function checkViews({ name, items }: Life): string | undefined {
  let last: Install | undefined
  for (const item of items) {
    if (item.type !== 'install') continue
    if (!item.members.includes(name)) return `[VW1] ${name} installs ${show(item)}`
    if (last !== undefined && item.number <= last.number)
      return `[VW2] ${name} installs ${show(item)} after ${show(last)}`
    const next = last?.lineage === item.lineage || (last !== undefined && isForkOf(item.lineage, last.lineage))
    if (last !== undefined && !next) return `[VW4] ${name} installs ${show(item)} after ${show(last)}`
    last = item
  }
  return undefined
}

/** A view has one successor in its lineage, whoever learned of it and whoever installed it. */
function checkSuccessors(a: Life, b: Life): string | undefined {
  for (const [place, decided] of a.decided) {
    const other = b.decided.get(place)
    if (other !== undefined && slotOf(other) === slotOf(decided) && showDecided(other) !== showDecided(decided)) {
      return `[VW3] ${a.name} learns of ${showDecided(decided)}, ${b.name} of ${showDecided(other)}`
    }
    const install = b.installs.get(slotOf(decided))
    if (install !== undefined && show(install) !== showDecided(decided)) {
      return `[VW3] ${b.name} installs ${show(install)}, ${a.name} learns of ${showDecided(decided)}`
    }
  }
  return undefined
}

/** Two members: the same views, the same set of messages, the same order. */
function checkPair(a: Life, b: Life): string | undefined {
  for (const [place, install] of a.installs) {
    const other = b.installs.get(place)
    if (other !== undefined && show(other) !== show(install)) {
      return `[VW3] ${a.name} installs ${show(install)}, ${b.name} ${show(other)}`
    }
  }
  for (const [place, decided] of a.decided) {
    const other = b.decided.get(place)
    if (other === undefined || showDecided(decided) !== showDecided(other)) continue
    if (!decided.members.includes(a.name) || !decided.members.includes(b.name)) continue
    // A joiner has nothing of the view before.
    if (!a.installs.has(place) || !b.installs.has(place)) continue
    const broken = checkSameView(a, b, place)
    if (broken !== undefined) return broken
  }
  return undefined
}

/** Members that went on together from a view. */
function checkSameView(a: Life, b: Life, place: string): string | undefined {
  const [ofA, ofB] = [deliveredIn(a, place), deliveredIn(b, place)]
  const missing = ofA.find(({ id }) => !ofB.some((other) => other.id === id))
  if (missing !== undefined) return `[DL3] ${a.name} delivers ${missing.id}, ${b.name} does not, and both go on`
  for (const stamped of stampedIn(a, place)) {
    if (!ofA.some(({ id }) => id === stamped)) return `[DL4] ${a.name} goes on without its own ${stamped}`
    if (!ofB.some(({ id }) => id === stamped)) return `[DL5] ${b.name} goes on with ${a.name}, without its ${stamped}`
  }
  const totals = (delivered: readonly Deliver[]) => delivered.filter(({ kind }) => kind === 'total').map(({ id }) => id)
  const orders = [totals(ofA).join(' '), totals(ofB).join(' ')]
  if (orders[0] !== orders[1]) return `[OR3] ${a.name} delivers ${orders[0]}, ${b.name} ${orders[1]}`
  return undefined
}

/** A next view keeps the order of its members, has its joiners last, and, unless it is a fork, has a quorum of votes for one ballot. */
function checkAgreement(lives: readonly Life[]): string | undefined {
  const views = new Map<string, Install>(lives.flatMap(({ installs }) => [...installs]))
  const all = new Map<string, Decided>(
    lives.flatMap(({ decided }) => [...decided.values()].map((item) => [showDecided(item), item] as const)),
  )
  for (const decided of all.values()) {
    const before = views.get(placeOf(decided.after))
    if (before === undefined) continue
    const kept = decided.members.map((member) => before.members.indexOf(member))
    const joiners = kept.filter((rank) => rank < 0).length
    const isOrdered = kept.every((rank, index) => index === 0 || rank < 0 || rank > kept[index - 1]!)
    if (!isOrdered || kept.slice(0, kept.length - joiners).includes(-1)) {
      return `[VW5] ${showDecided(decided)} comes after ${show(before)}`
    }
    if (isFork(decided) || before.members.length === 1) continue
    if (!hasQuorum(before, lives)) return `[VW4] no quorum agreed to ${showDecided(decided)}`
  }
  return undefined
}

/** Two votes a member and one for the witness: more than half of them, or, without a witness, half of them with rank 0. */
function hasQuorum({ lineage, number, members, witness }: Install, lives: readonly Life[]): boolean {
  const byBallot = new Map<number, Set<string>>()
  for (const { name, items } of lives) {
    // One that closed has its holder vote for it, and messages do not show when.
    const isClosed = items.some((item) => item.type === 'ended' && HAND_OVER.has(item.reason))
    if (isClosed) return true
    for (const item of items) {
      if (item.type !== 'vote' || item.number !== number || item.lineageTag !== lineageTag(lineage as Lineage)) continue
      if (item.token !== undefined && item.token !== witness) continue
      byBallot.set(item.ballot, (byBallot.get(item.ballot) ?? new Set()).add(item.token === undefined ? name : WITNESS))
    }
  }
  const all = 2 * members.length + (witness === undefined ? 0 : 1)
  return [...byBallot.values()].some((voters) => {
    const votes = 2 * [...voters].filter((voter) => members.includes(voter)).length + (voters.has(WITNESS) ? 1 : 0)
    return 2 * votes > all || (witness === undefined && 2 * votes === all && voters.has(members[0]!))
  })
}

const WITNESS = 'witness'

/** Ends with which the vote goes to a holder. */
const HAND_OVER: ReadonlySet<string> = new Set(['closed', 'left', 'orphaned', 'state-unavailable', 'state-load-failed'])

/** One member's deliveries: once, as sent, in their view, in order, after their causes. */
function checkDeliveries({ name, items }: Life, lives: readonly Life[]): string | undefined {
  const seen = new Set<string>()
  let place = ''
  let order = 0
  for (const item of items) {
    if (item.type === 'install') {
      place = placeOf(item)
      order = 0
    }
    if (item.type !== 'deliver') continue
    const { sender, seq, view } = partsOf(item.id)
    const life = lives.find((other) => other.name === sender)
    const stamped = life?.items.find((other) => other.type === 'stamped' && other.id === item.id)
    if (seen.has(item.id)) return `[DL1] ${name} delivers ${item.id} twice`
    if (life === undefined || stamped === undefined) return `[DL1] ${name} delivers ${item.id}, which nobody sent`
    if (item.payload !== `${sender}/${item.kind}`) return `[DL1] ${name} delivers ${item.id} with other bytes`
    if (view !== place) return `[DL2] ${name} delivers ${item.id} in view ${place}`
    if (seq > 1 && !seen.has(item.id.replace(/\d+$/, String(seq - 1)))) return `[OR1] ${name} delivers ${item.id} early`
    if (item.kind === 'total' && item.order !== ++order) return `[OR3] ${name} gives ${item.id} place ${item.order}`
    if (item.kind !== 'fifo') {
      const cause = causesOf(item.id, life).find((id) => !seen.has(id))
      if (cause !== undefined)
        return `[${item.kind === 'total' ? 'OR4' : 'OR2'}] ${name} delivers ${item.id} before ${cause}`
    }
    seen.add(item.id)
  }
  return undefined
}

/** What its sender had delivered in that view before it sent the message. */
function causesOf(id: string, { items }: Life): string[] {
  const at = items.findIndex((item) => item.type === 'stamped' && item.id === id)
  const before = items.slice(0, at).filter((item) => item.type === 'deliver')
  return before.map((item) => item.id).filter((cause) => partsOf(cause).view === partsOf(id).view)
}

/** What a member that ends is told of its multicasts: their fate in its lineage, or in the one that it goes to. */
function checkFates(lives: readonly Life[]): string | undefined {
  for (const { name, items } of lives) {
    const into = items.find((item) => item.type === 'ended')?.into
    for (const item of items) {
      if (item.type !== 'fate' || item.id === undefined || item.fate === 'unknown') continue
      const { view } = partsOf(item.id)
      for (const other of lives) {
        if (!hasGoneOn(other, view, into)) continue
        const isDelivered = deliveredIn(other, view).some(({ id }) => id === item.id)
        if (isDelivered !== (item.fate === 'in-cut')) {
          return `[RC1] ${name} is told ${item.fate} of ${item.id}, which ${other.name} ${isDelivered ? 'delivered' : 'lacks'}`
        }
      }
    }
  }
  return undefined
}

/** Whether it was in the view and went on: in its lineage, or, if `into` is given, in that one. */
function hasGoneOn({ name, installs, decided }: Life, view: string, into: string | undefined): boolean {
  const next = decided.get(view)
  if (next === undefined || !installs.has(view) || !next.members.includes(name)) return false
  return into === undefined ? !isFork(next) : into === next.lineage
}

/** Who is left out was in a view that ended: somebody knows how. */
function checkEnds(lives: readonly Life[]): string | undefined {
  for (const { name, items, installs } of lives) {
    const isLeftOut = items.some(
      (item) => item.type === 'ended' && (item.reason === 'excluded' || item.reason === 'no-state'),
    )
    const place = [...installs.keys()].at(-1)
    if (!isLeftOut || place === undefined) continue
    const isOver = lives.some((other) => other.decided.has(place))
    if (!isOver) return `[FD4] ${name} is left out of ${place}, and nobody decided that`
  }
  return undefined
}

function deliveredIn({ items }: Life, place: string): Deliver[] {
  return items.filter((item) => item.type === 'deliver').filter(({ id }) => partsOf(id).view === place)
}

function stampedIn({ items }: Life, place: string): string[] {
  const stamped = items.filter((item) => item.type === 'stamped').map(({ id }) => id)
  return stamped.filter((id) => partsOf(id).view === place)
}

/** `view`: its place. */
function partsOf(id: string): { sender: string; view: string; seq: number } {
  const [lineage, number, sender, seq] = id.split('/')
  return { sender: sender!, view: `${lineage}/${number}`, seq: Number(seq) }
}

function placeOf({ lineage, number }: { readonly lineage: string; readonly number: number }): string {
  return `${lineage}/${number}`
}

function isForkOf(lineage: string, parent: string): boolean {
  return lineage.startsWith(`${parent}~`)
}

function show({ lineage, number, members, witness }: Install): string {
  return `view ${lineage}/${number} {${[...members, ...(witness === undefined ? [] : [`witness ${witness}`])].join(' ')}}`
}

function showDecided(decided: Decided): string {
  const { after, lineage, members, witness, into } = decided
  if (lineage === undefined) return `the end of ${placeOf(after)} in ${into} for {${members.join(' ')}}`
  const next = { lineage, number: after.number + 1, members, ...(witness !== undefined && { witness }) }
  return show({ type: 'install', ...next })
}

/** Where the next view is. A fork's is a lineage of its own: for the others the view may go on. */
function slotOf({ after, lineage }: Decided): string {
  return placeOf({ lineage: lineage ?? after.lineage, number: after.number + 1 })
}

function isFork({ after, lineage }: Decided): boolean {
  return lineage !== undefined && lineage !== after.lineage
}
