/**
 * Purpose: sorts the events of one group once, into what history.ts describes.
 * Requires: for each peer, its lines in the order written. Nothing is assumed of the order between peers.
 */

import { causalPasts } from './causality.ts'
import { isForkOf, splitFrom } from './forks.ts'
import { fieldFault, parseMessageId } from './format.ts'
import {
  countsFrom,
  type Delivery,
  type Group,
  type History,
  isAlive,
  isDissolved,
  type Member,
  type Message,
  type Sending,
  type Stay,
  type View,
} from './history.ts'
import type { Deliver, Fate, Install, Multicast, StateLoaded, StateSaved, Suspect, TraceEvent } from './trace.ts'

export interface HistoryOptions {
  /** The run ended healed and quiet: who is alive and not blocked at its end is held to have gone on from there. */
  readonly settled?: boolean
  /** Whether the group transfers state; by default it does if the trace has a 'state-saved' or 'state-loaded'. */
  readonly transfersState?: boolean
}

/** The lines of each group, in their order. */
export function byGroup(events: readonly TraceEvent[]): ReadonlyMap<string, readonly TraceEvent[]> {
  const groups = new Map<string, TraceEvent[]>()
  for (const event of events) {
    const lines = groups.get(event.group)
    if (lines === undefined) groups.set(event.group, [event])
    else lines.push(event)
  }
  return groups
}

/** @param events the lines of one group only */
export function buildHistory(group: string, events: readonly TraceEvent[], options: HistoryOptions = {}): History {
  const draft = new Draft()
  for (const event of events) draft.add(event)
  draft.linkViews()
  draft.linkMessages()
  const { members, views, lineages, messages, suspicions, saves, malformed } = draft
  const transfersState = options.transfersState ?? draft.sawState
  const history: History = {
    group,
    members,
    views,
    lineages,
    messages,
    suspicions,
    saves,
    malformed,
    transfersState,
    settled: options.settled === true,
  }
  for (const view of views) groupStays(view, history)
  for (const view of views) causalPasts(view)
  return history
}

class Draft {
  readonly members = new Map<string, Member>()
  readonly views: View[] = []
  readonly lineages = new Map<string, Map<number, View>>()
  readonly messages = new Map<string, Message>()
  readonly suspicions = new Map<string, Suspect>()
  readonly saves: StateSaved[] = []
  readonly malformed: { event: TraceEvent; fault: string }[] = []
  sawState = false

  add(event: TraceEvent): void {
    const fault = fieldFault(event, this.messages)
    if (fault !== undefined) {
      this.malformed.push({ event, fault })
      return
    }
    const member = this.#member(event.peer)
    member.lines.push(event)
    switch (event.event) {
      case 'install':
        this.#install(member, event)
        break
      case 'multicast':
        this.#multicast(member, event)
        break
      case 'deliver':
        this.#deliver(member, event)
        break
      case 'fate':
        this.#fate(member, event)
        break
      case 'state-saved':
        this.sawState = true
        this.saves.push(event)
        break
      case 'state-loaded':
        this.sawState = true
        this.#load(member, event)
        break
      case 'suspect':
        if (!this.suspicions.has(event.of)) this.suspicions.set(event.of, event)
        break
      case 'blocked':
      case 'unblocked':
        member.status = event
        break
      case 'left':
        member.left ??= event
        break
      case 'crash':
        member.crash ??= event
    }
  }

  linkViews(): void {
    for (const view of this.views) {
      view.next = this.lineages.get(view.lineage)?.get(view.number + 1)
      if (view.next !== undefined) view.next.previous = view
    }
    for (const view of this.views) if (view.previous === undefined) this.#linkFork(view)
    for (const numbers of this.lineages.values()) {
      const first = numbers.get(Math.min(...numbers.keys()))
      if (first !== undefined && first.parent === undefined) first.first = true
    }
    // By number: what leads to a view comes before it.
    const roots = new Map<string, View>()
    for (const view of [...this.views].sort((a, b) => a.number - b.number)) {
      view.root = view.parent?.root ?? roots.get(view.lineage) ?? view
      roots.set(view.lineage, view.root)
    }
  }

  /** The first view of a fork is known by its key, and by where those came from who installed it. */
  #linkFork(view: View): void {
    const named = splitFrom(view)
    if (named === undefined) return
    const before = view.stays.flatMap(({ member, install }) => {
      const at = member.stays.findIndex((stay) => stay.install === install)
      return member.stays[at - 1]?.view ?? []
    })
    const parent = before.find((other) => isForkOf(view, other)) ?? this.lineages.get(named.lineage)?.get(named.number)
    if (parent === undefined) return
    view.parent = parent
    parent.forks.push(view)
  }

  linkMessages(): void {
    for (const message of this.messages.values()) {
      const view = this.lineages.get(message.lineage)?.get(message.number)
      if (view === undefined) continue
      message.view = view
      message.rank = view.rankOf.get(message.sender) ?? -1
      message.index = view.messages.length
      view.messages.push(message)
    }
    for (const view of this.views) for (const stay of view.stays) placeDeliveries(stay)
  }

  #member(id: string): Member {
    let member = this.members.get(id)
    if (member === undefined) {
      member = {
        id,
        lines: [],
        stays: [],
        loads: [],
        fates: new Map(),
        crash: undefined,
        left: undefined,
        status: undefined,
      }
      this.members.set(id, member)
    }
    return member
  }

  #install(member: Member, install: Install): void {
    const view = this.#view(install)
    view.installs.push(install)
    const before = member.stays.at(-1)
    const stay: Stay = {
      member,
      view,
      install,
      steps: [],
      deliveries: [],
      sendings: [],
      following: undefined,
      group: undefined,
      places: new Int32Array(0),
    }
    if (before !== undefined) before.following = stay
    member.stays.push(stay)
    view.stays.push(stay)
  }

  #view(install: Install): View {
    const { lineage, number } = install
    const numbers = this.lineages.get(lineage) ?? new Map<number, View>()
    this.lineages.set(lineage, numbers)
    let view = numbers.get(number)
    if (view === undefined) {
      view = newView(install)
      numbers.set(number, view)
      this.views.push(view)
    }
    return view
  }

  #message(id: string): Message {
    let message = this.messages.get(id)
    if (message === undefined) {
      const parsed = parseMessageId(id)
      if (parsed === undefined) throw new TypeError(`no message id: ${id}`)
      const { lineage, number, sender, seq } = parsed
      message = {
        id,
        lineage,
        number,
        sender,
        seq,
        sent: undefined,
        view: undefined,
        rank: -1,
        index: -1,
        past: NOTHING,
      }
      this.messages.set(id, message)
    }
    return message
  }

  #multicast(member: Member, event: Multicast): void {
    const message = this.#message(event.id)
    if (message.sender === member.id) message.sent ??= event
    const stay = member.stays.at(-1)
    const sending: Sending = { event, message }
    stay?.steps.push(sending)
    stay?.sendings.push(sending)
  }

  #deliver(member: Member, event: Deliver): void {
    const stay = member.stays.at(-1)
    const delivery: Delivery = { event, message: this.#message(event.id) }
    stay?.steps.push(delivery)
    stay?.deliveries.push(delivery)
  }

  #load(member: Member, event: StateLoaded): void {
    const isBlank = member.stays.every(
      ({ view, deliveries }) => view.lineage !== event.lineage || deliveries.length === 0,
    )
    member.loads.push({ event, staysBefore: member.stays.length, isBlank })
  }

  #fate(member: Member, event: Fate): void {
    this.#message(event.id)
    const fates = member.fates.get(event.id)
    if (fates === undefined) member.fates.set(event.id, [event])
    else fates.push(event)
  }
}

const NOTHING = new Int32Array(0)

function placeDeliveries(stay: Stay): void {
  const places = new Int32Array(stay.view.messages.length)
  let place = 0
  for (const { message } of stay.deliveries) {
    place++
    if (message.view === stay.view && places[message.index] === 0) places[message.index] = place
  }
  stay.places = places
}

function newView({ lineage, number, members }: Install): View {
  const view: Omit<View, 'root'> & { root: View | undefined } = {
    lineage,
    number,
    members,
    installs: [],
    stays: [],
    messages: [],
    rankOf: new Map(members.map((id, rank) => [id, rank])),
    first: false,
    previous: undefined,
    next: undefined,
    parent: undefined,
    forks: [],
    root: undefined,
    groups: [],
  }
  const made = view as View
  made.root = made
  return made
}

function groupStays(view: View, history: History): void {
  for (const stay of view.stays) {
    const to = destinationOf(stay, history)
    if (to === undefined) continue
    const group = view.groups.find((other) => other.to === to) ?? { to, stays: [] }
    if (!view.groups.includes(group)) view.groups.push(group)
    stay.group = group
    if (countsFrom(stay.member, view, history) <= view.number) group.stays.push(stay)
  }
}

/** The view in which the member goes on, or 'end' for one that dissolves its lineage; undefined if it does neither. */
function destinationOf({ view, member, following }: Stay, history: History): Group['to'] | undefined {
  if (following !== undefined)
    return following.view === view.next || following.view.parent === view ? following.view : undefined
  if (isDissolved(member)) return 'end'
  const staysOn = history.settled && view.next === undefined && isAlive(member) && member.status?.event !== 'blocked'
  return staysOn ? view : undefined
}
