import type { Report } from './explore.ts'
import type { Scenario } from './scenario.ts'

/** A report, and what it took to get it. */
export interface Run {
  readonly report: Report
  readonly seconds: number
  readonly residentBytes: number
}

/** What was explored, as rows of tests/README.md. */
export function tableOf(runs: readonly Run[]): string[] {
  const rows = runs.map(({ report, seconds, residentBytes }) => {
    const { scenario, states, transitions, depth, standings } = report
    const counts = [states, transitions, depth, standings['one view'], standings.blocked, standings.nobody]
    const numbers = [...counts, Math.round(seconds), Math.round(residentBytes / 1e6)].map((count) =>
      count.toLocaleString('en'),
    )
    return `| ${scenario.name} | ${describeScenario(scenario)} | ${numbers.join(' | ')} |`
  })
  return [
    '| scenario | what may happen | states | transitions | depth | one view | blocked | nobody | s | MB |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ]
}

/** What was explored and found, for people. */
export function describeReport({ report, seconds, residentBytes }: Run): string[] {
  const { scenario, states, transitions, depth, cut, quiet, standings, locals, queues, bytes, violation } = report
  const number = (value: number) => value.toLocaleString('en')
  const lines = [
    `${scenario.name}: ${describeScenario(scenario)}`,
    `  ${number(states)} states, ${number(transitions)} transitions, depth ${depth}, ${seconds.toFixed(1)} s, ${number(Math.round(states / seconds))} states/s`,
    `  ${number(cut)} states cut off at one more ballot; ${number(quiet)} with nothing in flight`,
    `  these, and one of a hundred of those, settle: ${number(standings['one view'])} in one view, ${number(standings.blocked)} rightly blocked, ${number(standings.nobody)} with nobody in a view`,
    `  made of ${number(locals)} states of single members and ${number(queues)} queues; ${number(Math.round(bytes / 1e6))} MB of states, ${number(Math.round(residentBytes / 1e6))} MB in all`,
  ]
  if (violation === undefined) return lines
  return [
    ...lines,
    `VIOLATION after ${violation.path.length} events: ${violation.rule}`,
    ...violation.path.map((event, index) => `  ${index + 1}. ${event}`),
  ]
}

function describeScenario(scenario: Scenario): string {
  const { members, joiners, strangers, acts, crashes, wrongSuspicions, ballots, timers, timerMs, witness, config } =
    scenario
  const { linkBreaks, cutOff, heals } = scenario
  const unless = (isNot: boolean, ...parts: string[]) => (isNot ? [] : parts)
  return [
    `${members} members`,
    ...unless(joiners === 0, `${joiners} joining`),
    ...unless(strangers === 0, `${strangers} of another lineage`),
    ...(witness === undefined
      ? []
      : [
          witness.isInView ? 'witness' : 'witness told of later',
          ...unless(witness.restarts === 0, `its restarts: ${witness.restarts}`),
          ...unless(witness.disconnects === 0, `connections to it that break: ${witness.disconnects}`),
        ]),
    ...acts.map(({ by, act }) => `${act} by rank ${by}`),
    `crashes: ${crashes}`,
    `wrong suspicions: ${wrongSuspicions}`,
    ...unless(linkBreaks === 0, `broken links: ${linkBreaks}`),
    ...unless(cutOff.length === 0, `rank ${cutOff.join(' and ')} cut off`, ...unless(!heals, 'healed')),
    `ballots: ${ballots}`,
    ...Object.entries(config).map(([name, value]) => `${name}: ${value}`),
    ...unless(timers === 0, `clocks go on: ${timers}, ${timerMs === 0 ? 'to the next deadline' : `by ${timerMs} ms`}`),
  ].join(', ')
}
