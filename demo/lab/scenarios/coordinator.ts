import { MembersOfView, TwoPhases } from '../programs/two-phases.ts'
import type { Outcome } from '../run.ts'
import { differing, type Scenario } from '../scenario.ts'

const begin = `members a b c d e
delay a d 60
at 60 cbcast c "hello"
at 100 crash e`

export const coordinator: Scenario = {
  name: 'coordinator',
  title: 'The coordinator dies in a view change',
  summary: 'Somebody has to lead the change of members. It dies in the middle of that.',
  wrong:
    '_e_ crashes, and the others have to agree on who is left. Done simply: the eldest tells all to stop, hears that they have, and ' +
    'tells them who is left. _a_ does the first of it and crashes. _b_, _c_ and _d_ have stopped, as they were told, and wait for a word ' +
    'that does not come. They cannot just go on either: maybe _a_ had told one of them already.',
  does:
    'A view change is agreed on by a quorum, in Paxos’ way: what a majority has accepted is found again by whoever takes over. When ' +
    'the members have promised to stop and _a_ falls silent, _b_ begins with a higher number, asks what was promised and accepted, ' +
    'finishes or repeats it, and leaves out _a_ and _e_ in one go. If it died as well, it would be _c_’s turn, as long as a ' +
    'majority lives: of five members three.',
  stateTitle: 'stands',
  sides: [
    {
      title: 'Stop, then go on',
      system: 'plain',
      script: `${begin}\non d "stop" crash a\nrun 1600`,
      expected: 'fault',
      program: (side) => new TwoPhases(side),
    },
    {
      title: 'Agreed on by a quorum',
      system: 'tutti',
      script: `${begin}\nwedged b crash a\nrun 1600`,
      expected: 'fine',
      program: () => new MembersOfView(),
    },
  ],
  judge,
  fine: 'b, c and d go on together.',
}

function judge(outcome: Outcome): string | undefined {
  const stopped = outcome.alive.filter((name) => outcome.state(name).startsWith('stopped'))
  if (stopped.length > 0) return `stopped, and waiting for ever: ${stopped.join(', ')}`
  const ghost = outcome.alive.find((name) => /\b[ae]\b/.test(outcome.state(name).replace('goes on with', '')))
  return ghost === undefined ? differing(outcome) : `${ghost} still counts one that is gone`
}
