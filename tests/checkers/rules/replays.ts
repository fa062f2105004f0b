/** Purpose: what is sent again after a merge comes once to everyone's state. Part of rule PT4. */

import { attemptsOf, peerOf } from '../attempts.ts'
import { type History, isAlive, type Member, type Message, mergedOf, rootOf, type Stay, type View } from '../history.ts'
import { endedBefore, isInPast } from '../past.ts'
import type { Deliver, Multicast } from '../trace.ts'
import type { Report } from '../verdict.ts'
import { has } from './delivery.ts'

interface Replay {
  readonly stay: Stay
  readonly event: Multicast
  readonly message: Message
  readonly original: string
}

export function replays(history: History, report: Report): void {
  for (const attempts of attemptsOf(history).values()) {
    const sent = attempts.flatMap((member) => member.stays.flatMap(replaysIn))
    for (const replay of sent) asItsOwn(replay, attempts, history, report)
    const byOriginal = new Map<string, Replay[]>()
    for (const replay of sent) byOriginal.set(replay.original, [...(byOriginal.get(replay.original) ?? []), replay])
    for (const same of byOriginal.values()) oneAfterTheOther(same, report)
    if (history.settled) allSent(attempts, byOriginal, history, report)
  }
  new States(history, report).check()
}

function replaysIn(stay: Stay): Replay[] {
  return stay.sendings.flatMap(({ event, message }) =>
    event.replayOf === undefined ? [] : { stay, event, message, original: event.replayOf },
  )
}

/**
 * Of a multicast of an earlier attempt of its own, that is not part of this lineage. It need not have been named: who was left
 * out of one lineage, and is let in by another, has had no occasion to.
 */
function asItsOwn(
  { stay, event, message, original }: Replay,
  attempts: readonly Member[],
  history: History,
  report: Report,
): void {
  report.decide()
  const earlier = attempts.slice(0, attempts.indexOf(stay.member))
  const first = history.messages.get(original)
  if (!earlier.some(({ id }) => id === first?.sender)) {
    report.broken(`${message.id} repeats ${original}, which no earlier attempt of ${stay.member.id} multicast`, event)
  }
  if (first === undefined) return
  if (isInPast(first, stay.view, history) === true) {
    report.broken(`${message.id} repeats ${original}, which ${stay.view.lineage} has already`, first.sent, event)
  }
  const denied = earlier.flatMap(({ fates }) => fates.get(original) ?? []).find(({ fate }) => fate === 'not-sent')
  if (denied !== undefined)
    report.broken(`${message.id} repeats ${original}, which its sender was told was not sent`, denied, event)
}

/** Again only once it is certain that the last time was in vain. */
function oneAfterTheOther(same: readonly Replay[], report: Report): void {
  for (const [index, { event, original }] of same.entries()) {
    const last = same[index - 1]
    if (last === undefined || isInVain(last)) continue
    report.broken(`${event.id} repeats ${original}, as ${last.message.id} has already`, last.event, event)
  }
}

function isInVain({ stay, message }: Replay): boolean {
  return stay.member.fates.get(message.id)?.some(({ fate }) => fate === 'not-sent') === true
}

/** A peer that lives on, in a run that came to rest, has sent all again that it named, unless it was told another fate. */
function allSent(
  attempts: readonly Member[],
  byOriginal: ReadonlyMap<string, readonly Replay[]>,
  history: History,
  report: Report,
): void {
  const now = attempts.at(-1)
  if (now === undefined || !isAlive(now) || now.stays.length === 0 || now.status?.event === 'blocked') return
  for (const merged of attempts.flatMap((member) => mergedOf(member) ?? [])) {
    if (!merged.replayed) continue
    for (const original of merged.unmerged) {
      const sent = byOriginal.get(original) ?? []
      const isToldOtherwise = attempts.some(({ fates }) => fates.get(original)?.some(({ fate }) => fate !== 'in-cut'))
      if (
        isToldOtherwise ||
        mayBePartOf(original, now, history) ||
        sent.some((replay) => !isInVain(replay) && isDone(replay))
      )
        continue
      report.broken(
        `${original} is not part of ${merged.into}, and was not sent again there`,
        merged,
        sent.at(-1)?.event,
      )
    }
  }
}

/** It founded a lineage that goes on from the one that ended, or came to one that does, or that has what it repeats. */
function mayBePartOf(id: string, now: Member, history: History): boolean {
  const [message, view] = [history.messages.get(id), now.stays.at(-1)?.view]
  if (message === undefined || view === undefined || isInPast(message, view, history) !== false) return true
  const first = message.sent?.replayOf
  return first !== undefined && mayBePartOf(first, now, history)
}

function isDone({ stay, message }: Replay): boolean {
  return has(stay, message) || stay.member.fates.has(message.id)
}

/** What of the multicasts that are repeated is part of a state, each with the delivery that brought it there. */
type Content = Map<string, Deliver>

/** Follows every member's state: from the founder's, or the one that it was given, over its deliveries. */
class States {
  readonly #history: History
  readonly #report: Report
  readonly #origins = new Map<Message, string>()
  readonly #attempts: ReadonlyMap<string, readonly Member[]>
  /** Contents at the beginning of a member's stay; of those under way, nothing is known yet. */
  readonly #atStay = new Map<Stay, Content>()

  constructor(history: History, report: Report) {
    this.#history = history
    this.#report = report
    this.#attempts = attemptsOf(history)
    for (const message of history.messages.values()) {
      if (message.sent?.replayOf === undefined) continue
      const first = history.messages.get(originOf(message, history))
      this.#origins.set(message, originOf(message, history))
      if (first !== undefined) this.#origins.set(first, first.id)
    }
  }

  check(): void {
    if (this.#origins.size === 0) return
    for (const member of this.#history.members.values()) this.#walk(member, undefined, true)
  }

  /** The member's state when it enters that stay, or at the end of its lines. */
  #walk(member: Member, until: Stay | undefined, tells: boolean): Content {
    const known = until && this.#atStay.get(until)
    if (known !== undefined) return known
    if (until !== undefined) this.#atStay.set(until, new Map())
    let content: Content = new Map(this.#inherited(member))
    let at = -1
    for (const event of member.lines) {
      if (event.event === 'install') {
        at++
        if (until !== undefined && member.stays[at] === until) break
      } else if (event.event === 'state-loaded') {
        content = new Map([...this.#given(event.from, event.number, rootOf(event.lineage, this.#history)), ...content])
      } else if (event.event === 'deliver') this.#deliver(member, event, content, tells)
    }
    if (until !== undefined) this.#atStay.set(until, content)
    return content
  }

  #deliver(member: Member, event: Deliver, content: Content, tells: boolean): void {
    const message = this.#history.messages.get(event.id)
    const origin = message && this.#origins.get(message)
    if (origin === undefined) return
    const before = content.get(origin)
    if (before === undefined) content.set(origin, event)
    else if (tells && before.id !== event.id) {
      this.#report.broken(
        `${event.id} repeats ${before.id}, which is part of the state of ${member.id} already`,
        before,
        event,
      )
    }
  }

  /** A state as of the boundary at which a view begins. */
  #given(from: string, number: number, root: View | undefined): Content {
    const provider = this.#history.members.get(from)
    const stay = provider?.stays.find(({ view }) => view.number === number && view.root === root)
    return provider === undefined || stay === undefined ? new Map() : this.#walk(provider, stay, false)
  }

  /** Who founds a lineage after a merge, since it reached nobody, keeps its state. */
  #inherited(member: Member): Content {
    const entry = member.stays[0]
    const ended = entry?.view.first === true ? endedBefore(entry.view, this.#history) : undefined
    const attempts = this.#attempts.get(peerOf(member.id)) ?? []
    const before = attempts.slice(0, attempts.indexOf(member)).findLast(({ stays }) => stays.at(-1)?.view === ended)
    return ended === undefined || before === undefined ? new Map() : this.#walk(before, undefined, false)
  }
}

/** What was multicast first, of a repetition of repetitions. */
function originOf(message: Message, { messages }: History): string {
  const seen = new Set<string>()
  let id = message.id
  for (let of = message.sent?.replayOf; of !== undefined && !seen.has(of); of = messages.get(of)?.sent?.replayOf) {
    seen.add(of)
    id = of
  }
  return id
}
