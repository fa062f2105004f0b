import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Row } from './run.ts'
import { scenarios } from './scenarios.ts'
import type { Machine } from './support/machine.ts'
import { tableOf } from './table.ts'

export interface Results {
  readonly machine: Machine
  readonly rows: readonly Row[]
}

const file = new URL('./results.json', import.meta.url)
const page = new URL('./README.md', import.meta.url)
const BEGIN = '<!-- results: written by `npm run bench` -->'
const END = '<!-- end of results -->'

/** Puts rows in the place of those of the same name, in results.json and in the table of the README. */
export function keep(machine: Machine, rows: readonly Row[]): void {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results).rows : []
  const known = new Map([...before, ...rows].map((row) => [row.name, row]))
  const names = scenarios.flatMap((scenario) => scenario.rows.map(({ name }) => name))
  const results: Results = { machine, rows: names.flatMap((name) => known.get(name) ?? []) }
  writeFileSync(file, `${JSON.stringify(results, rounded, 2)}\n`)
  const text = readFileSync(page, 'utf8')
  const [head, rest = ''] = text.split(BEGIN)
  const [, tail] = rest.split(END)
  if (tail === undefined) throw new Error(`README.md has no place for results, between '${BEGIN}' and '${END}'`)
  writeFileSync(page, `${head}${BEGIN}\n\n${tableOf(results)}\n\n${END}${tail}`)
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value
}
