import { DividedWork, doneIn } from '../programs/divided-work.ts'
import type { Outcome } from '../run.ts'
import type { Scenario } from '../scenario.ts'

const TASKS = 34
const script = `members a b c d
${Array.from({ length: TASKS }, (_, task) => `at ${60 + 18 * task} cbcast a "task ${task}"`).join('\n')}
at 205 crash b
at 640 leave d
run 1250`

export const churn: Scenario = {
  name: 'churn',
  title: 'Members come and go',
  summary: 'Work is divided among those who are there. One crashes, and each of the others notices when it notices.',
  wrong:
    'Four members deal out tasks by counting round: the first is for _a_, the second for _b_, the fifth for _a_ again. That needs no ' +
    'further word, as long as all count the same members. Now _b_ crashes. One sees its links close a little earlier than another, ' +
    'and for a while they count differently: some tasks are done twice, and others, of which each thinks that they are the ' +
    'other’s, by nobody.',
  does:
    'Who is a member is agreed on like anything else: the view, a numbered list that every member gets at the same place ' +
    'among the messages. Whoever delivers task 7 in view 4 delivers it in view 4 everywhere, so counting is enough. When view 5 ' +
    'comes without _b_, all that anyone has heard of _b_ is delivered before it, and what is still open is dealt out again, by all ' +
    'alike. (A task that _b_ did, and died before anyone heard of it, is done again: nobody can know.)',
  isTerse: true,
  stateTitle: 'knows of',
  sides: [
    {
      title: 'Everybody’s own opinion',
      system: 'plain',
      script,
      expected: 'fault',
      program: (side) => new DividedWork(side),
    },
    { title: 'Agreed views', system: 'tutti', script, expected: 'fine', program: (side) => new DividedWork(side) },
  ],
  judge,
  fine: `Each of the ${TASKS} tasks is done exactly once.`,
}

function judge(outcome: Outcome): string | undefined {
  const [witness] = outcome.alive
  const done = doneIn(outcome.log(witness!))
  const tasks = Array.from({ length: TASKS }, (_, task) => task)
  const twice = tasks.filter((task) => done.filter((other) => other === task).length > 1)
  const never = tasks.filter((task) => !done.includes(task))
  if (twice.length === 0 && never.length === 0) return undefined
  return [list('done twice', twice), list('done by nobody', never)].filter((text) => text !== '').join('; ')
}

function list(what: string, tasks: readonly number[]): string {
  return tasks.length === 0 ? '' : `${tasks.length === 1 ? 'task' : 'tasks'} ${tasks.join(', ')} ${what}`
}
