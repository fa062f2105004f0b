import type { Outcome } from '../run.ts'
import type { Scenario } from '../scenario.ts'
import type { Delivered } from '../side.ts'

const TOTAL = 200

export const limitGrouping: Scenario = {
  name: 'limit-grouping',
  title: 'Limit 3: two messages that belong together',
  summary: '“Can’t say together”: an audit falls between the two halves of a transfer.',
  wrong:
    '_a_ moves 10 from one account to the other with two abcasts: one takes, one gives. Each is atomic, the two together are not. _b_ ' +
    'orders an audit, it gets its place between them, and all members agree that 10 are missing. Agreement is not consistency: ' +
    'everyone sees the same wrong sum.',
  does:
    'What belongs together goes into one multicast: it is delivered whole, to all or to none, at one place in the order. That is what ' +
    'the right side does, and it is enough where one member decides. It is no transaction: nothing is locked, nothing is rolled ' +
    'back, and two members cannot put their halves together. group.batch, several multicasts at one place, is declared and not yet ' +
    'built: it throws “unsupported”.',
  stateTitle: 'the audit finds',
  sides: [
    {
      title: 'Two abcasts',
      system: 'tutti',
      script:
        'members a b c\nat 60 abcast a "giro -10"\nat 60 abcast b "audit"\nat 110 abcast a "savings +10"\nrun 600',
      expected: 'fault',
      state: audit,
    },
    {
      title: 'One abcast with both',
      system: 'tutti',
      script: 'members a b c\nat 60 abcast a "giro -10, savings +10"\nat 60 abcast b "audit"\nrun 600',
      expected: 'fine',
      state: audit,
    },
  ],
  judge: (outcome: Outcome) => {
    const [name] = outcome.alive
    const found = outcome.state(name!)
    return found === String(TOTAL) ? undefined : `the audit finds ${found} of ${TOTAL}`
  },
  fine: `The audit finds ${TOTAL}.`,
}

/** The sum of both accounts at the place of the audit. */
function audit(log: readonly Delivered[]): string {
  const place = log.findIndex(({ value }) => value === 'audit')
  if (place === -1) return 'not yet'
  const changes = log.slice(0, place).flatMap(({ value }) => value.match(/[+-]\d+/g) ?? [])
  return String(changes.reduce((sum, change) => sum + Number(change), TOTAL))
}
