import type { Item } from './history.ts'

type Install = Extract<Item, { type: 'install' }>
type Deliver = Extract<Item, { type: 'deliver' }>

/** One member's history, sorted by view. */
interface Life {
  readonly name: string
  readonly items: readonly Item[]
  readonly installs: ReadonlyMap<number, Install>
}

/** The members' histories so far, those of crashed ones too; member i is called `names[i]`. Returns the first broken rule. */
export function brokenRule(names: readonly string[], histories: readonly (readonly Item[])[]): string | undefined {
  const lives = histories.map((items, index) => lifeOf(names[index]!, items))
  for (const life of lives) {
    const broken = checkViews(life) ?? checkDeliveries(life, lives)
    if (broken !== undefined) return broken
  }
  for (const a of lives) {
    for (const b of lives) {
      const broken = a === b ? undefined : checkPair(a, b)
      if (broken !== undefined) return broken
    }
  }
  return checkAgreement(lives) ?? checkFates(lives)
}

function lifeOf(name: string, items: readonly Item[]): Life {
  const installs = items.filter((item) => item.type === 'install')
  return { name, items, installs: new Map(installs.map((install) => [install.number, install])) }
}

function checkViews({ name, items }: Life): string | undefined {
  let last: Install | undefined
  for (const item of items) {
    if (item.type !== 'install') continue
    if (!item.members.includes(name)) return `[VW1] ${name} installs ${show(item)}`
    if (last !== undefined && item.number <= last.number)
      return `[VW2] ${name} installs ${show(item)} after ${show(last)}`
    last = item
  }
  return undefined
}

/** Two members: the same views, the same set of messages, the same order. */
function checkPair(a: Life, b: Life): string | undefined {
  for (const [number, install] of a.installs) {
    const other = b.installs.get(number)
    if (other !== undefined && show(other) !== show(install)) {
      return `[VW3] ${a.name} installs ${show(install)}, ${b.name} ${show(other)}`
    }
    if (other === undefined || !a.installs.has(number - 1) || !b.installs.has(number - 1)) continue
    const broken = checkSameView(a, b, number - 1)
    if (broken !== undefined) return broken
  }
  for (const item of b.items) {
    const other = item.type === 'ended' && item.next !== undefined ? a.installs.get(item.number + 1) : undefined
    if (item.type !== 'ended' || other === undefined) continue
    const told: Install = { ...other, members: item.next! }
    if (show(other) !== show(told)) return `[VW3] ${a.name} installs ${show(other)}, ${b.name} is told of ${show(told)}`
  }
  return undefined
}

/** Members that went together from view `number` to the next. */
function checkSameView(a: Life, b: Life, number: number): string | undefined {
  const [ofA, ofB] = [deliveredIn(a, number), deliveredIn(b, number)]
  const missing = ofA.find(({ id }) => !ofB.some((other) => other.id === id))
  if (missing !== undefined) return `[DL3] ${a.name} delivers ${missing.id}, ${b.name} does not, and both go on`
  for (const stamped of stampedIn(a, number)) {
    if (!ofA.some(({ id }) => id === stamped)) return `[DL4] ${a.name} goes on without its own ${stamped}`
    if (!ofB.some(({ id }) => id === stamped)) return `[DL5] ${b.name} goes on with ${a.name}, without its ${stamped}`
  }
  const totals = (delivered: readonly Deliver[]) => delivered.filter(({ kind }) => kind === 'total').map(({ id }) => id)
  const orders = [totals(ofA).join(' '), totals(ofB).join(' ')]
  if (orders[0] !== orders[1]) return `[OR3] ${a.name} delivers ${orders[0]}, ${b.name} ${orders[1]}`
  return undefined
}

/** A next view needs a quorum of votes for one ballot, keeps the order of its members and has its joiners last. */
function checkAgreement(lives: readonly Life[]): string | undefined {
  const views = new Map<number, Install>(lives.flatMap(({ installs }) => [...installs]))
  for (const [number, next] of views) {
    const before = views.get(number - 1)
    if (before === undefined) continue
    const kept = next.members.map((member) => before.members.indexOf(member))
    const joiners = kept.filter((rank) => rank < 0).length
    const isOrdered = kept.every((rank, index) => index === 0 || rank < 0 || rank > kept[index - 1]!)
    if (!isOrdered || kept.slice(0, kept.length - joiners).includes(-1)) {
      return `[VW5] ${show(next)} comes after ${show(before)}`
    }
    if (before.members.length > 1 && !hasQuorum(before, lives)) return `[VW4] no quorum agreed to ${show(next)}`
  }
  return undefined
}

function hasQuorum({ number, members }: Install, lives: readonly Life[]): boolean {
  const byBallot = new Map<number, Set<string>>()
  for (const { name, items } of lives) {
    // One that closed has its holder vote for it, and messages do not show when.
    const isClosed = items.some((item) => item.type === 'ended' && item.reason !== 'excluded')
    if (isClosed) return true
    for (const item of items) {
      if (item.type !== 'vote' || item.number !== number) continue
      byBallot.set(item.ballot, (byBallot.get(item.ballot) ?? new Set()).add(name))
    }
  }
  return [...byBallot.values()].some(
    (voters) => 2 * voters.size > members.length || (2 * voters.size === members.length && voters.has(members[0]!)),
  )
}

/** One member's deliveries: once, as sent, in their view, in order, after their causes. */
function checkDeliveries({ name, items }: Life, lives: readonly Life[]): string | undefined {
  const seen = new Set<string>()
  let number = 0
  let order = 0
  for (const item of items) {
    if (item.type === 'install') {
      number = item.number
      order = 0
    }
    if (item.type !== 'deliver') continue
    const { sender, seq, view } = partsOf(item.id)
    const life = lives.find((other) => other.name === sender)
    const stamped = life?.items.find((other) => other.type === 'stamped' && other.id === item.id)
    if (seen.has(item.id)) return `[DL1] ${name} delivers ${item.id} twice`
    if (life === undefined || stamped === undefined) return `[DL1] ${name} delivers ${item.id}, which nobody sent`
    if (item.payload !== `${sender}/${item.kind}`) return `[DL1] ${name} delivers ${item.id} with other bytes`
    if (view !== number) return `[DL2] ${name} delivers ${item.id} in view ${number}`
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

/** What a member that ends is told of its multicasts. */
function checkFates(lives: readonly Life[]): string | undefined {
  for (const { name, items } of lives) {
    for (const item of items) {
      if (item.type !== 'fate' || item.id === undefined || item.fate === 'unknown') continue
      const { view } = partsOf(item.id)
      for (const other of lives) {
        if (!other.installs.has(view) || !other.installs.has(view + 1)) continue
        const isDelivered = deliveredIn(other, view).some(({ id }) => id === item.id)
        if (isDelivered !== (item.fate === 'in-cut')) {
          return `[RC1] ${name} is told ${item.fate} of ${item.id}, which ${other.name} ${isDelivered ? 'delivered' : 'lacks'}`
        }
      }
    }
  }
  return undefined
}

function deliveredIn({ items }: Life, number: number): Deliver[] {
  return items.filter((item) => item.type === 'deliver').filter(({ id }) => partsOf(id).view === number)
}

function stampedIn({ items }: Life, number: number): string[] {
  const stamped = items.filter((item) => item.type === 'stamped').map(({ id }) => id)
  return stamped.filter((id) => partsOf(id).view === number)
}

function partsOf(id: string): { sender: string; view: number; seq: number } {
  const [, view, sender, seq] = id.split('/')
  return { sender: sender!, view: Number(view), seq: Number(seq) }
}

function show({ lineage, number, members }: Install): string {
  return `view ${lineage}/${number} {${members.join(' ')}}`
}
