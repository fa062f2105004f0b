import { explore, type Report } from './explore.ts'
import { SCENARIOS, type Scenario } from './scenario.ts'

/** `npm run explore`: explores the scenarios named, or all. Exit code 1 on a violation, 2 on a name that is none. */
const PROGRESS_EVERY_MS = 15_000

process.exitCode = main(process.argv.slice(2))

function main(names: readonly string[]): 0 | 1 | 2 {
  const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name === name))
  if (unknown !== undefined) {
    console.error(`no scenario ${unknown}; there are: ${SCENARIOS.map(({ name }) => name).join(', ')}`)
    return 2
  }
  const chosen = SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name))
  let total = 0
  for (const scenario of chosen) {
    const startedAt = performance.now()
    let toldAt = startedAt
    const report = explore(scenario, {
      onProgress: (states, done) => {
        if (performance.now() - toldAt < PROGRESS_EVERY_MS) return
        toldAt = performance.now()
        console.log(
          `${scenario.name}: ${states.toLocaleString('en')} states, ${done.toLocaleString('en')} of them followed`,
        )
      },
    })
    for (const line of describe(report, (performance.now() - startedAt) / 1_000)) console.log(line)
    if (report.violation !== undefined) return 1
    total += report.states
  }
  console.log(`${total.toLocaleString('en')} states, complete within the bounds, no violation`)
  return 0
}

function describe(report: Report, seconds: number): string[] {
  const { scenario, states, transitions, depth, cut, quiet, standings, locals, queues, bytes, violation } = report
  const number = (value: number) => value.toLocaleString('en')
  const lines = [
    `${scenario.name}: ${describeScenario(scenario)}`,
    `  ${number(states)} states, ${number(transitions)} transitions, depth ${depth}, ${seconds.toFixed(1)} s, ${number(Math.round(states / seconds))} states/s`,
    `  ${number(cut)} states cut off at one more ballot; ${number(quiet)} with nothing in flight`,
    `  these, and one of a hundred of those, settle: ${number(standings['one view'])} in one view, ${number(standings.blocked)} rightly blocked, ${number(standings.nobody)} with a view that is lost and nobody in one`,
    `  made of ${number(locals)} states of single members and ${number(queues)} queues; ${Math.round(bytes / 1e6)} MB`,
  ]
  if (violation === undefined) return lines
  return [
    ...lines,
    `VIOLATION after ${violation.path.length} events: ${violation.rule}`,
    ...violation.path.map((event, index) => `  ${index + 1}. ${event}`),
  ]
}

function describeScenario(scenario: Scenario): string {
  const { members, joiners, acts, crashes, wrongSuspicions, ballots, clockJumps } = scenario
  return [
    `${members} members`,
    ...(joiners > 0 ? [`${joiners} joining`] : []),
    ...acts.map(({ by, act }) => `${act} by rank ${by}`),
    `crashes: ${crashes}`,
    `wrong suspicions: ${wrongSuspicions}`,
    `ballots: ${ballots}`,
    ...(clockJumps > 0 ? [`clock jumps: ${clockJumps}`] : []),
  ].join(', ')
}
