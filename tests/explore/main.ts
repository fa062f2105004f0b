import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describeReport } from './describe.ts'
import type { Report } from './explore.ts'
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
  | { readonly type: 'report'; readonly report: Report; readonly seconds: number; readonly residentBytes: number }

process.exitCode = await main(process.argv.slice(2))

async function main(names: readonly string[]): Promise<0 | 1 | 2> {
  const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name === name))
  if (unknown !== undefined) {
    console.error(`no scenario ${unknown}; there are: ${SCENARIOS.map(({ name }) => name).join(', ')}`)
    return 2
  }
  const startedAt = performance.now()
  const waiting = SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name))
  const reports: (Report | undefined)[] = []
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) reports.push(await run(next))
  }
  await Promise.all(Array.from({ length: PROCESSES }, lane))
  const total = reports.reduce((sum, report) => sum + (report?.states ?? 0), 0).toLocaleString('en')
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
  const isRight = reports.every((report) => report !== undefined && report.violation === undefined)
  console.log(
    isRight
      ? `${total} states in ${seconds} s, complete within the bounds, no violation`
      : `NOT RIGHT: ${total} states in ${seconds} s`,
  )
  return isRight ? 0 : 1
}

/** Explores one scenario in a process of its own; undefined if that died. */
function run({ name }: Scenario): Promise<Report | undefined> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./explore-one.ts', import.meta.url)), [name], {
      execArgv: [...process.execArgv, '--max-old-space-size=1400'],
    })
    let report: Report | undefined
    let toldAt = performance.now()
    child.on('message', (word: Word) => {
      if (word.type === 'report') {
        report = word.report
        for (const line of describeReport(report, word.seconds, word.residentBytes)) console.log(line)
      } else if (performance.now() - toldAt > PROGRESS_EVERY_MS) {
        toldAt = performance.now()
        const [states, done] = [word.states, word.done].map((count) => count.toLocaleString('en'))
        console.log(`${name}: ${states} states, ${done} of them followed`)
      }
    })
    child.on('exit', (code) => {
      if (report === undefined) console.error(`${name}: its process ended with ${code}`)
      resolve(report)
    })
  })
}
