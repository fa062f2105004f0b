import type { Line, Moment } from './line.ts'

// Clocks of different members disagree, by a little even after they were compared. What is drawn must not: an arrow that
// runs backwards in time would say that a message was delivered before it was sent.

/** An arrival on another line is drawn at least this much after its send. */
export const flightMinMs = 0.1

/** When a moment is drawn at the earliest: after its cause. */
export function earliest({ role, flight, line }: Pick<Moment, 'role' | 'flight' | 'line'>): number {
  const send = role === 'arrival' ? flight?.send : undefined
  if (send === undefined) return Number.NEGATIVE_INFINITY
  return send.line === line ? send.at : send.at + flightMinMs
}

/** Puts a moment into its line, and what it causes behind it. Returns the time from which on the lines look other than before. */
export function place(moment: Moment): number {
  moment.at = Math.max(moment.at, earliest(moment))
  const tooEarly = moment.line.insert(moment)
  const changedFrom = tooEarly[0]?.at ?? moment.at
  for (const raised of tooEarly) raised.at = moment.at
  for (const placed of [moment, ...tooEarly]) keepArrivalsBehind(placed)
  return changedFrom
}

/** Draws a moment at `at` or later, and with it all that must not be before it. */
export function raise(moment: Moment, at: number): void {
  const open: [Moment, number][] = [[moment, at]]
  // Events that were made up could be each other's causes: no more steps than honest ones take.
  for (let steps = 0; open.length > 0 && steps < raisedMax; steps += 1) {
    const [first, least] = open.pop()!
    const { moments } = first.line
    for (let index = first.line.indexOf(first); index >= 0 && index < moments.length; index += 1, steps += 1) {
      const raised = moments[index]!
      if (raised.at >= least) break
      raised.at = least
      for (const arrival of arrivalsTooEarly(raised)) open.push([arrival, earliest(arrival)])
    }
  }
}

/** Places everything anew, after what was known of a clock has changed. */
export function realign(lines: Iterable<Line>): void {
  const all = [...lines]
  for (const { moments, offsetMs } of all) {
    let before = Number.NEGATIVE_INFINITY
    for (const moment of moments) {
      moment.at = Math.max(before, moment.isImplied ? moment.at : moment.event.t + offsetMs)
      before = moment.at
    }
  }
  for (const moment of all.flatMap(({ moments }) => moments)) {
    if (moment.at < earliest(moment)) raise(moment, earliest(moment))
  }
}

function keepArrivalsBehind(send: Moment): void {
  for (const arrival of arrivalsTooEarly(send)) raise(arrival, earliest(arrival))
}

function arrivalsTooEarly({ role, flight }: Moment): readonly Moment[] {
  return role === 'send' ? flight!.arrivals.filter((arrival) => arrival.at < earliest(arrival)) : []
}

const raisedMax = 50_000
