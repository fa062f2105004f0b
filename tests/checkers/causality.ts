/**
 * Purpose: Lamport's happened-before among the messages of one view, as vectors by rank.
 * Requires: a member's sends and deliveries in the order of its lines.
 * Guarantees: `past` of every message of the view: an entry a member, the highest number of it that happened before.
 * One number is enough, since a member's messages happen one after the other. FBCASTs count like all others.
 * Source: Lamport 1978; vector times after Fidge and Mattern. Only the lines of one member are compared in time: a member
 * that delivers a message of which the sending was not reached yet waits, and others go first.
 */

import type { Message, Stay, Step, View } from './history.ts'

/** Fills `past` of each message of the view. Linear in the view's lines, times its members. */
export function causalPasts(view: View): void {
  const walks = view.stays.map((stay) => new Walk(stay))
  const sentInView = new Set<Message>()
  for (const { stay } of walks) {
    for (const { event, message } of stay.sendings) if (event === message.sent) sentInView.add(message)
  }
  for (const message of view.messages) if (!sentInView.has(message)) message.past = ownPast(message)

  const waiting = new Map<Message, Walk[]>()
  let ready = walks
  for (;;) {
    run(ready, waiting)
    const stuck = waiting.keys().next()
    if (stuck.done === true) return
    // A delivery that comes before its own sending, round a circle: no run does that. VS1 shows the circle; here it is cut.
    stuck.value.past = ownPast(stuck.value)
    ready = waiting.get(stuck.value) ?? []
    waiting.delete(stuck.value)
  }
}

function run(ready: readonly Walk[], waiting: Map<Message, Walk[]>): void {
  const stack = [...ready]
  for (let walk = stack.pop(); walk !== undefined; walk = stack.pop()) {
    const sent: Message[] = []
    const missing = walk.advance(sent)
    if (missing !== undefined) {
      const others = waiting.get(missing)
      if (others === undefined) waiting.set(missing, [walk])
      else others.push(walk)
    }
    for (const message of sent) {
      const released = waiting.get(message)
      if (released === undefined) continue
      waiting.delete(message)
      stack.push(...released)
    }
  }
}

/** One member's way through its lines of the view. */
class Walk {
  readonly stay: Stay
  readonly #clock: Int32Array
  #next = 0

  constructor(stay: Stay) {
    this.stay = stay
    this.#clock = new Int32Array(stay.view.members.length)
  }

  /** Goes on until the end, or returns the message that must be sent first. Adds those whose past is known now to `sent`. */
  advance(sent: Message[]): Message | undefined {
    const { steps, view } = this.stay
    for (; this.#next < steps.length; this.#next++) {
      const { event, message } = steps[this.#next] as Step
      if (message.view !== view || message.rank < 0) continue
      if (event.event === 'deliver') {
        if (message.past.length === 0) return message
        this.#merge(message)
      } else if (event === message.sent) {
        message.past = this.#clock.slice()
        this.#clock[message.rank] = message.seq
        sent.push(message)
      }
    }
    return undefined
  }

  #merge({ past, rank, seq }: Message): void {
    const clock = this.#clock
    for (let i = 0; i < past.length; i++) if (past[i]! > clock[i]!) clock[i] = past[i]!
    if (seq > clock[rank]!) clock[rank] = seq
  }
}

/** All that is known of a message whose sending the trace doesn't show. */
function ownPast(message: Message): Int32Array {
  const past = new Int32Array(message.view?.members.length ?? 0)
  if (message.rank >= 0) past[message.rank] = message.seq - 1
  return past
}
