import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describeReport, type Run, tableOf } from './describe.ts'
import { SCENARIOS, type Scenario } from './scenario.ts'

/**
 * `npm run explore`: explores the scenarios named, or all, two at a time. Exit code 1 on a violation, 2 on a name that is
 * none.
 */
const PROCESSES = 2
const PROGRESS_EVERY_MS = 60_000

/** What the process of a scenario sends. */
export type Word =
  | { readonly type: 'progress'; readonly states: number; readonly done: number }
  | ({ readonly type: 'report' } & Run)

process.exitCode = await main(process.argv.slice(2))

async function main(names: readonly string[]): Promise<0 | 1 | 2> {
  const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name === name))
  if (unknown !== undefined) {
    console.error(`no scenario ${unknown}; there are: ${SCENARIOS.map(({ name }) => name).join(', ')}`)
    return 2
  }
  const startedAt = performance.now()
  const waiting = SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name))
  const runs: (Run | undefined)[] = []
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) runs.push(await run(next))
  }
  await Promise.all(Array.from({ length: PROCESSES }, lane))
  for (const line of tableOf(runs.filter((done) => done !== undefined))) console.log(line)
  const total = runs.reduce((sum, done) => sum + (done?.report.states ?? 0), 0).toLocaleString('en')
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
  const isRight = runs.every((done) => done !== undefined && done.report.violation === undefined)
  console.log(
    isRight
      ? `${total} states in ${seconds} s, complete within the bounds, no violation`
      : `NOT RIGHT: ${total} states in ${seconds} s`,
  )
  return isRight ? 0 : 1
}

/** Explores one scenario in a process of its own; undefined if that died. */
function run({ name }: Scenario): Promise<Run | undefined> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./explore-one.ts', import.meta.url)), [name], {
      execArgv: [...process.execArgv, '--max-old-space-size=1400'],
    })
    let done: Run | undefined
    let toldAt = performance.now()
    child.on('message', (word: Word) => {
      if (word.type === 'report') {
        done = word
        for (const line of describeReport(word)) console.log(line)
      } else if (performance.now() - toldAt > PROGRESS_EVERY_MS) {
        toldAt = performance.now()
        const [states, followed] = [word.states, word.done].map((count) => count.toLocaleString('en'))
        console.log(`${name}: ${states} states, ${followed} of them followed`)
      }
    })
    child.on('exit', (code) => {
      if (done === undefined) console.error(`${name}: its process ended with ${code}`)
      resolve(done)
    })
  })
}
