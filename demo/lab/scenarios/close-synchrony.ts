import type { Outcome } from '../run.ts'
import { deliveredAt, missing, quoted, type Scenario } from '../scenario.ts'

const SLOW_MS = 200
const HELD_UP_MS = 100
const FAST = ['a', 'b', 'c']
const script = `members a b c d
# d sits on a train.
${FAST.flatMap((name) => [`delay ${name} d ${SLOW_MS}`, `delay d ${name} ${SLOW_MS}`]).join('\n')}
${Array.from({ length: 6 }, (_, i) => `at ${200 + 20 * i} abcast ${FAST[i % 3]} "move ${i + 1}"`).join('\n')}
run 2700`

export const closeSynchrony: Scenario = {
  name: 'close-synchrony',
  title: 'Lock-step, and what the slowest costs',
  summary:
    'Close synchrony solves it all, at the pace of the slowest member. Virtual synchrony looks the same from inside.',
  wrong:
    'If a multicast were one event, at the same instant everywhere, there would be no problem left: no holes, no orders, no half-dead ' +
    'senders. A network has no such instants. The nearest that one can do is one message at a time: send it, wait until everyone ' +
    'has said that it is there, then the next. It works, and all go at the pace of the one on the train; and if that one does ' +
    'not answer at all, everybody stands still. Click _d_ to crash it.',
  does:
    'Virtual synchrony keeps the appearance and drops the waiting. Members send when they like; each delivers as soon as the order ' +
    'allows; _d_ is behind, and only _d_ is. For every run there is a lock-step run in which everyone sees the same, which is ' +
    'what the checkers of this project look for in each trace. Members wait for each other only when the view changes, and for as ' +
    'long as the bounded window of unconfirmed messages is full.',
  stateTitle: 'has',
  sides: [
    { title: 'Lock-step', system: 'lock-step', script, expected: 'fault' },
    { title: 'Virtual synchrony', system: 'tutti', script, expected: 'fine' },
  ],
  judge,
  fine: 'a, b and c play at their own pace, whatever becomes of d.',
}

function judge(outcome: Outcome): string | undefined {
  const fast = FAST.filter((name) => outcome.alive.includes(name))
  const sent = outcome.sent.filter(({ who }) => outcome.alive.includes(who))
  const waits = sent.flatMap(({ value, atMs }) =>
    fast.map((name) => ({ value, ms: (deliveredAt(outcome, name, value) ?? Number.POSITIVE_INFINITY) - atMs })),
  )
  const [never] = waits.filter(({ ms }) => ms === Number.POSITIVE_INFINITY)
  if (never !== undefined) return `${quoted([never.value])} does not get through to all of the fast ones`
  const latest = Math.max(...waits.map(({ ms }) => ms))
  const isWhole = outcome.alive.length === outcome.names.length
  if (isWhole && latest > HELD_UP_MS) return `a move takes up to ${Math.round(latest)} ms between the three fast ones`
  return missing(outcome)
}
