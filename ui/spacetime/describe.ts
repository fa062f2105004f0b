import { plainText } from '../plain-text.ts'
import type { Moment, Vector } from './line.ts'
import { timeText } from './time-axis.ts'

/** What is said of a moment, to those who point at it and to those who walk there by keyboard. */
export interface Description {
  readonly what: string
  readonly when: string
  /** Empty: not known. */
  readonly vector: string
}

/** @param origin - the time that the axis counts from; @param nameOf - of a member id or a peer id */
export function describe(moment: Moment, origin: number, nameOf: (member: string) => string): Description {
  const label = plainText(moment.event.label, labelCharactersMax)
  return {
    what: `${whatHappened(moment, nameOf)}${label === '' ? '' : `: ${label}`}`,
    when: timeText(moment.at - origin),
    vector: vectorText(moment.vector, nameOf),
  }
}

export const labelCharactersMax = 40

function whatHappened({ event, isImplied, flight }: Moment, nameOf: (member: string) => string): string {
  const who = nameOf(event.peer)
  switch (event.event) {
    case 'install':
      return `${who} enters view ${event.number}: ${listed(event.members, nameOf)}`
    case 'multicast':
      return isImplied
        ? `${who} has multicast ${numberOf(event.id)} (${event.kind}), as its delivery tells`
        : `${who} multicasts ${numberOf(event.id)} (${event.kind}), ${event.bytes} bytes, ${reach(flight!.arrivals.length)}`
    case 'deliver': {
      const order = event.order === undefined ? '' : `, number ${event.order} for everyone`
      return `${who} delivers ${numberOf(event.id)} of ${nameOf(event.from)} (${event.kind}${order})`
    }
    case 'plain-send':
      return `${who} sends to ${listed(event.to, nameOf) || 'nobody'}`
    case 'plain-receive':
      return `${who} receives from ${nameOf(event.from)}`
    case 'state-saved':
      return `${who} gives its state`
    case 'state-loaded':
      return `${who} takes the state of ${nameOf(event.from)}`
    case 'suspect':
      return `${who} suspects ${nameOf(event.of)}`
    case 'fate':
      return `${who} learns what became of ${numberOf(event.id)}: ${event.fate}`
    case 'left':
      return `${who} is out: ${plainText(event.reason, labelCharactersMax)}`
    case 'note':
      return `${who}: ${plainText(event.text, labelCharactersMax)}`
    default:
      return `${who} ${plain[event.event]}`
  }
}

const plain = {
  crash: 'crashes',
  blocked: 'is blocked: too few others can be reached',
  unblocked: 'is not blocked any more',
  wedged: 'stops sending: the view is about to change',
  unwedged: 'may send again',
  begin: 'is first heard of',
}

function reach(arrivals: number): string {
  return arrivals === 0 ? 'not delivered yet as far as is known' : `delivered at ${arrivals}`
}

/** Which of its sender's multicasts in the view. */
function numberOf(id: string): string {
  return plainText(id.slice(id.lastIndexOf('/') + 1), labelCharactersMax)
}

function vectorText(vector: Vector | undefined, nameOf: (member: string) => string): string {
  if (vector === undefined) return ''
  const { members, counts } = vector
  return listed([...members.keys()], (index) => `${nameOf(members[index]!)} ${counts[index] ?? '?'}`)
}

/** Of many only the first, and how many more there are. */
function listed<T>(things: readonly T[], textOf: (thing: T) => string): string {
  const rest = things.length - listedMax
  const texts = (rest > 1 ? things.slice(0, listedMax) : things).map(textOf)
  return rest > 1 ? `${texts.join(', ')} and ${rest} more` : texts.join(', ')
}

const listedMax = 16
