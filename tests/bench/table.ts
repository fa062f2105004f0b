import type { Results } from './results.ts'
import type { Measured, Row } from './run.ts'
import type { Bound } from './support/scenario.ts'

/** The results as Markdown: the machine, then one line a row. */
export function tableOf({ machine, rows }: Results): string {
  const { cpu, cores, memoryGib, system, node, chromium, against } = machine
  const versions = Object.entries(against).map(([name, version]) => `${name} ${version}`)
  return [
    `${cores} cores (${cpu}), ${memoryGib} GiB, ${system}, Node ${node.slice(1)}, Chromium ${chromium}; ${versions.join(', ')}.`,
    '',
    '| | first | second | unit | ratio or value | in one repetition | bound | met |',
    '| --- | --- | --- | --- | --: | --- | --- | --- |',
    ...rows.map(line),
  ].join('\n')
}

/** The same for one row, in one line of a terminal. */
export function lineOf(row: Row): string {
  const bound = row.bound === undefined ? '' : `, ${boundText(row.bound)}: ${row.met ? 'met' : 'MISSED'}`
  return `${row.name}: ${short(row.value)} (${range(row.range)})${bound}`
}

function line(row: Row): string {
  const what = `${row.what}${row.quick ? ' (quick)' : ''}`
  const second = row.over === undefined ? '' : cell(row.over)
  const met = row.met === undefined ? '' : row.met ? 'yes' : '**no**'
  const cells = [what, cell(row.of), second, row.unit, short(row.value), range(row.range), boundText(row.bound), met]
  return `| ${cells.join(' | ')} |`
}

function cell({ contestant, median, min, max, repetitions }: Measured): string {
  const spread = repetitions === 1 ? '' : ` (${short(min)}-${short(max)}, ${repetitions} times)`
  return `${contestant} ${short(median)}${spread}`
}

function boundText(bound: Bound | undefined): string {
  if (bound === undefined) return ''
  return bound.atLeast === undefined ? `at most ${bound.atMost}` : `at least ${bound.atLeast}`
}

function range({ min, max }: Row['range']): string {
  return `${short(min)}-${short(max)}`
}

function short(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US')
  return `${Number(value.toPrecision(3))}`
}
