import { peerOf } from '../peer-of.ts'
import { flightMinMs, place, realign } from './alignment.ts'
import { causalPast } from './causal-past.ts'
import { type Flight, Line, type Moment } from './line.ts'
import { end, enter, forgetBefore, isThere, leaveBehind, noteSpan } from './presence.ts'
import type { SpacetimeEvent, SpacetimeKind } from './spacetime-event.ts'
import { countArrival, countSend, enterView, vectorOf } from './vectors.ts'

/** A view, with those of its members that are known to have entered it. */
export interface KnownView {
  readonly lineage: string
  readonly number: number
  readonly members: readonly string[]
  readonly primary: boolean
  readonly installs: Moment[]
}

/**
 * What is known of a group's events, out of the traces of any of its members: the events on their lines, the messages, the
 * views, who was there when. Each trace is to come in its own order; the traces may come in any order, late or never: a
 * message that is delivered somewhere was sent, so its send is drawn even if its sender says nothing. Keeps the last
 * `limit` events.
 */
export class History {
  /** How many events are kept. */
  limit = 10_000
  /** By peer, in the order of appearance. */
  readonly lines = new Map<string, Line>()
  readonly views = new Map<string, KnownView>()
  /** How long the slowest message took, in ms: an arrow may begin this long before its end. */
  longestMs = 0
  /** Whether there ever was a send without a group. */
  hasPlain = false
  /** Time of the first event ever, as drawn. Undefined: there was none. */
  origin: number | undefined
  readonly #flights = new Map<string, Flight>()
  readonly #moments = new Set<Moment>()
  /** Stays where it is: a set that is asked for its first would look through all that were there before. */
  #oldest = this.#moments.values()
  readonly #offsets = new Map<string, number>()
  #forgotten = 0
  #linesToSweep = linesMax
  #changedFrom = Number.NEGATIVE_INFINITY
  #past: { readonly of: Moment; readonly moments: ReadonlySet<Moment> } | undefined

  /** What is kept, oldest first as it came. */
  get moments(): ReadonlySet<Moment> {
    return this.#moments
  }

  add(event: SpacetimeEvent): void {
    if (event.event === 'begin') this.#begin(event)
    else this.#take(event)
    while (this.#moments.size > this.limit) this.#forgetOldest()
    if (this.lines.size <= this.#linesToSweep) return
    this.#sweep(Number.NEGATIVE_INFINITY)
    this.#linesToSweep = Math.max(linesMax, this.lines.size * 2)
  }

  /** The time from which on anything looks other than at the last call; infinite: nothing does. What is forgotten is no change. */
  takeChange(): number {
    const from = this.#changedFrom
    this.#changedFrom = Number.POSITIVE_INFINITY
    return from
  }

  /** What has to be added to the times of a peer's events so that they are those of this page. In ms. */
  setOffset(peer: string, offsetMs: number): void {
    const before = this.#offsets.get(peer) ?? 0
    // Less than is seen.
    if (Math.abs(offsetMs - before) < offsetStepMs) return
    this.#offsets.set(peer, offsetMs)
    const line = this.lines.get(peer)
    if (line === undefined) return
    line.offsetMs = offsetMs
    realign(this.lines.values())
    this.#noteChange(Number.NEGATIVE_INFINITY)
  }

  clear(): void {
    for (const kept of [this.lines, this.views, this.#flights, this.#moments]) kept.clear()
    this.#oldest = this.#moments.values()
    this.longestMs = 0
    this.origin = undefined
    this.hasPlain = false
    this.#noteChange(Number.NEGATIVE_INFINITY)
  }

  /** The causal past of a moment, with what is forgotten since. The same set as long as nothing that comes in changes it. */
  pastOf(moment: Moment): ReadonlySet<Moment> {
    if (this.#past?.of !== moment) this.#past = { of: moment, moments: causalPast(moment) }
    return this.#past.moments
  }

  #begin(event: EventOf<'begin'>): void {
    this.#noteChange(Number.NEGATIVE_INFINITY)
    const line = this.#lineOf(event.peer)
    const at = event.t + line.offsetMs
    this.origin ??= at
    for (const member of event.members) enter(this.#lineOf(member), member, at)
    isThere(line, event.peer, at)
    enterView(line, event, false)
  }

  #take(event: TakenEvent): void {
    const line = this.#lineOf(event.peer)
    switch (event.event) {
      case 'install':
        return this.#install(event, line)
      case 'multicast':
        countSend(line, event)
        return this.#send(event, line, this.#flightOf(event.id, event.kind))
      case 'plain-send':
        this.hasPlain = true
        return this.#send(event, line, this.#flightOf(event.id, 'plain'))
      case 'state-saved':
        return this.#send(event, line, this.#flightOf(stateId(event, event.peer), 'state'))
      case 'deliver':
        countArrival(line, event)
        return this.#arrive(event, line, this.#flightOf(event.id, event.kind))
      case 'plain-receive':
        return this.#arrive(event, line, this.#flightOf(event.id, 'plain'))
      case 'state-loaded':
        return this.#arrive(event, line, this.#flightOf(stateId(event, event.from), 'state'))
      case 'left':
      case 'crash':
        end(line, this.#note(event, line).at, event.event === 'crash' ? 'crashed' : 'left')
        line.view = undefined
        return
      default:
        return noteSpans(this.#note(event, line))
    }
  }

  #install(event: EventOf<'install'>, line: Line): void {
    const { lineage, number, members, primary } = event
    const before = line.view?.members ?? []
    enterView(line, event, true)
    const moment = this.#note(event, line)
    const key = `${lineage}/${number}`
    const view = this.views.get(key) ?? { lineage, number, members, primary, installs: [] }
    this.views.set(key, view)
    view.installs.push(moment)
    noteSpan(line, 'wedged', moment.at, false)
    for (const member of members) enter(this.#lineOf(member), member, moment.at)
    const left = before.filter((member) => !view.members.includes(member))
    for (const member of left) leaveBehind(this.#lineOf(member), member, moment.at)
  }

  #send(event: SpacetimeEvent, line: Line, flight: Flight): void {
    const guess = flight.send
    if (guess?.isImplied) {
      this.#noteChange(guess.at)
      this.#remove(guess)
    }
    const moment = momentOf(event, line, 'send', flight)
    if (guess === undefined || guess.isImplied) flight.send = moment
    this.#place(moment)
  }

  #arrive(event: ArrivalEvent, line: Line, flight: Flight): void {
    const at = event.t + line.offsetMs
    const { send } = flight
    if (send === undefined || (send.isImplied && at < send.at + flightMinMs)) {
      if (send !== undefined) this.#remove(send)
      this.#noteChange(at - flightMinMs)
      const from = this.#lineOf(event.from)
      flight.send = momentOf(impliedSend(event, at - flightMinMs - from.offsetMs), from, 'send', flight, true)
      this.#place(flight.send)
    }
    const moment = momentOf(event, line, 'arrival', flight)
    flight.arrivals.push(moment)
    this.#place(moment)
    this.longestMs = Math.max(this.longestMs, moment.at - flight.send!.at)
  }

  #note(event: SpacetimeEvent, line: Line): Moment {
    const moment = momentOf(event, line, 'other', undefined)
    this.#place(moment)
    return moment
  }

  #place(moment: Moment): void {
    const { line, event, isImplied } = moment
    this.#noteMoment(moment, place(moment))
    this.#moments.add(moment)
    this.origin ??= moment.at
    if (isImplied) enter(line, event.peer, moment.at)
    else isThere(line, event.peer, moment.at)
  }

  #lineOf(member: string): Line {
    const peer = peerOf({ id: member })
    const known = this.lines.get(peer)
    if (known !== undefined) return known
    const line = new Line(peer)
    line.offsetMs = this.#offsets.get(peer) ?? 0
    this.lines.set(peer, line)
    return line
  }

  #flightOf(id: string, kind: SpacetimeKind): Flight {
    const known = this.#flights.get(id)
    if (known !== undefined) return known
    const flight: Flight = { id, kind, send: undefined, arrivals: [] }
    this.#flights.set(id, flight)
    return flight
  }

  #forgetOldest(): void {
    const moment: Moment = this.#oldest.next().value!
    this.#remove(moment)
    const { flight, event } = moment
    if (flight !== undefined) this.#forgetFrom(flight, moment)
    if (event.event === 'install') this.#forgetInstall(event, moment)
    this.#forgotten += 1
    if (this.#forgotten % sweepEvery === 0) this.#sweep(moment.at)
  }

  /** A message changes the picture from where it was sent on; all else is rare, and may change it anywhere. */
  #noteMoment({ line, event, flight }: Moment, changedFrom: number): void {
    const { stay } = line
    const isPlain = flight !== undefined && stay?.member === event.peer && stay.to === undefined
    this.#noteChange(isPlain ? Math.min(changedFrom, flight.send?.at ?? changedFrom) : Number.NEGATIVE_INFINITY)
  }

  #noteChange(from: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, from)
    // What comes later has not led to it.
    if (this.#past !== undefined && from <= this.#past.of.at) this.#past = undefined
  }

  #remove(moment: Moment): void {
    moment.line.remove(moment)
    this.#moments.delete(moment)
    if (moment === this.#past?.of) this.#past = undefined
  }

  #forgetFrom(flight: Flight, moment: Moment): void {
    if (moment.role === 'arrival') flight.arrivals.splice(flight.arrivals.indexOf(moment), 1)
    // A send that is forgotten still says where the arrows of its arrivals begin.
    const isSendKept = flight.send !== undefined && this.#moments.has(flight.send)
    if (flight.arrivals.length === 0 && !isSendKept) this.#flights.delete(flight.id)
  }

  #forgetInstall({ lineage, number }: EventOf<'install'>, moment: Moment): void {
    const key = `${lineage}/${number}`
    const installs = this.views.get(key)?.installs
    installs?.splice(installs.indexOf(moment), 1)
    if (installs?.length === 0) this.views.delete(key)
  }

  /** Forgets what was over before `at`: of lines without an event all, if they are too many. */
  #sweep(at: number): void {
    for (const line of this.lines.values()) {
      forgetBefore(line, at)
      const isOver = line.stay?.to !== undefined && line.stay.to < at
      if (line.moments.length > 0 || !(isOver || this.lines.size > linesMax)) continue
      this.lines.delete(line.peer)
      this.#offsets.delete(line.peer)
    }
  }
}

type EventOf<E extends SpacetimeEvent['event']> = Extract<SpacetimeEvent, { event: E }>
type TakenEvent = Exclude<SpacetimeEvent, { event: 'begin' }>
type ArrivalEvent = EventOf<'deliver' | 'plain-receive' | 'state-loaded'>

const offsetStepMs = 0.5
const sweepEvery = 256
const linesMax = 256

function momentOf(
  event: SpacetimeEvent,
  line: Line,
  role: Moment['role'],
  flight: Flight | undefined,
  isImplied = false,
): Moment {
  const vector = isImplied ? undefined : vectorOf(line)
  return { event, line, role, kind: flight?.kind, flight, isImplied, vector, at: event.t + line.offsetMs }
}

/** One may save for several who join at the same place: they get the same. */
function stateId({ lineage, number }: { lineage: string; number: number }, from: string): string {
  return `state ${lineage}/${number} ${from}`
}

function impliedSend(event: ArrivalEvent, t: number): SpacetimeEvent {
  const header = { t, peer: event.from as EventOf<'deliver'>['from'], group: event.group }
  switch (event.event) {
    case 'deliver':
      return { ...header, event: 'multicast', id: event.id, kind: event.kind, bytes: 0 }
    case 'plain-receive':
      return { ...header, event: 'plain-send', id: event.id, to: [event.peer] }
    case 'state-loaded': {
      const { lineage, number, digest } = event
      return { ...header, event: 'state-saved', lineage, number, digest }
    }
  }
}

function noteSpans({ event, line, at }: Moment): void {
  switch (event.event) {
    case 'wedged':
    case 'unwedged':
      return noteSpan(line, 'wedged', at, event.event === 'wedged')
    case 'blocked':
    case 'unblocked':
      return noteSpan(line, 'blocked', at, event.event === 'blocked')
  }
}
