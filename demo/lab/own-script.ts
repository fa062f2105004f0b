import type { Outcome } from './run.ts'
import { doubled, missing, quoted, type Scenario } from './scenario.ts'

/** What the page for own scripts begins with. */
export const EXAMPLE_SCRIPT = `# Who is there from the beginning. Others may join.
members a b c d

# At 150 ms a multicasts something; b answers when it has it.
at 150 abcast a "tea or coffee?"
on b "tea or coffee?" abcast b "tea"
on c "tea or coffee?" abcast c "coffee"

# What a sends d takes 300 ms from now on.
delay a d 300

at 400 crash c
at 500 join e
at 1300 abcast e "water"
run 1800`

/** The forms of a line, each with what it does. */
export const SCRIPT_FORMS: readonly (readonly [form: string, what: string])[] = [
  ['members a b c', 'who is there from the beginning'],
  ['run 2000', 'how long the run is, in ms'],
  ['at 100 cbcast a "x"', 'a multicasts x; also abcast and fbcast. Without “at” it is at 0'],
  ['at 100 join d', 'd joins; also leave and crash'],
  ['at 100 freeze b 400', 'b stands still for 400 ms'],
  ['at 100 cut a c', 'nothing gets through between a and c; “mend a c” takes it back'],
  ['at 100 lose a c 50', 'what a sends c in 50 ms is lost, then the link breaks and comes back'],
  ['at 100 delay a b 300', 'what a sends b takes 300 ms from now on'],
  ['at 100 part a b | c d', 'cuts all links between the two sides; “heal” mends all that is cut'],
  ['at 100 tell a b "x"', 'a tells b something outside the group'],
  ['at 100 note a "x"', 'a note on a’s line'],
  ['on b "x" cbcast b "y"', 'when b has delivered x, b multicasts y; anything may stand behind it'],
  ['stable a "x" note a "y"', 'when a knows that all have x'],
  ['wedged b crash a', 'when b stops sending for a change of members'],
  ['# …', 'a comment'],
]

/** A script of the visitor's, on both sides. */
export function ownScenario(script: string): Scenario {
  return {
    name: 'own',
    title: 'Your own scenario',
    summary: 'A short script, run with and without virtual synchrony.',
    wrong: '',
    does: '',
    stateTitle: 'has delivered',
    sides: [
      { title: 'Without: sent to each', system: 'plain', script, expected: 'fault' },
      { title: 'With virtual synchrony', system: 'tutti', script, expected: 'fine' },
    ],
    judge: (outcome: Outcome) => doubled(outcome) ?? missing(outcome) ?? otherOrder(outcome),
    fine: 'All who are there have the same, in the same order.',
  }
}

/** Of two of the living that have the same, where their orders part. */
function otherOrder(outcome: Outcome): string | undefined {
  const [first, ...others] = outcome.alive
  for (const other of others) {
    const [one, two] = [outcome.log(first!), outcome.log(other)]
    const place = one.findIndex(({ value }, index) => value !== two[index]?.value)
    const [here, there] = [one[place], two[place]]
    if (here === undefined || there === undefined) continue
    const hint = here.kind === 'total' && there.kind === 'total' ? '' : ' (for one order, abcast both)'
    return `${first} has ${quoted([here.value])} before ${quoted([there.value])}, ${other} the other way round${hint}`
  }
  return undefined
}
