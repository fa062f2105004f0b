import { decisionOf, shownDecision } from '../programs/consensus.ts'
import type { Outcome } from '../run.ts'
import type { Scenario } from '../scenario.ts'

const script = `members a b c d e
at 120 abcast b "propose red"
at 120 abcast c "propose green"
at 122 abcast d "propose blue"
# The one that names the order dies when the first proposal has reached it.
on a "propose red" crash a
at 200 crash a
run 1300`

export const consensus: Scenario = {
  name: 'consensus',
  title: 'Consensus out of a group',
  summary: 'Three proposals, one decision, and the member that orders them crashes.',
  wrong:
    'All should decide on the same one of several proposals. “The first that I hear” is simple, and different for each: everybody ' +
    'hears itself first. A vote needs to know how many there are. And no method is sure to end, if one may crash and nobody can tell ' +
    'slow from dead: that is a theorem (Fischer, Lynch and Paterson).',
  does:
    'Propose by abcast, and take the first that is delivered. The group has agreed on the order, so the rest is one line ' +
    '(programs/consensus.ts). _a_, who names the order, crashes in the middle of it: the new view brings what it had ordered to all ' +
    'who go on, and what it had not gets its place by a fixed rule. The theorem stands: in a bad enough network a group may wait. ' +
    'Those who go on never decide two things. What _a_ took for decided as it died they cannot know: see limit 5.',
  stateTitle: 'has decided on',
  sides: [
    { title: 'The first that I hear', system: 'plain', script, expected: 'fault', state: shownDecision },
    { title: 'The first in the order', system: 'tutti', script, expected: 'fine', state: shownDecision },
  ],
  judge,
  fine: 'All who go on have decided on the same.',
}

function judge(outcome: Outcome): string | undefined {
  const decisions = outcome.alive.map((name) => ({ name, decision: decisionOf(outcome.log(name)) }))
  const [first] = decisions
  const undecided = decisions.find(({ decision }) => decision === undefined)
  if (undecided !== undefined) return `${undecided.name} has not decided`
  const other = decisions.find(({ decision }) => decision !== first?.decision)
  return other && `${first!.name} decides on ${first!.decision}, ${other.name} on ${other.decision}`
}
