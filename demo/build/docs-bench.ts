import { existsSync, readFileSync } from 'node:fs'
import { wrapTable } from './docs-markdown.ts'
import { escapeHtml } from './html.ts'
import { root } from './paths.ts'

interface Figure {
  readonly contestant: string
  readonly median: number
  readonly min: number
  readonly max: number
}

interface Row {
  readonly name: string
  readonly what: string
  readonly unit: string
  readonly of: Figure
  readonly over?: Figure
  readonly value: number
  readonly bound?: { readonly atLeast?: number; readonly atMost?: number }
  readonly met?: boolean
}

interface Results {
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly memoryGib: number
    readonly node: string
    readonly chromium: string
    readonly against: Readonly<Record<string, string>>
  }
  readonly rows: readonly Row[]
}

const missing = '<p class="machine">Nothing is measured here yet: <code>npm run bench</code> does it.</p>\n'

/** What `npm run bench` wrote last: the documentation shows no other figures. Undefined where it has not run. */
export function readResults(): Results | undefined {
  const path = `${root}tests/bench/results.json`
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : undefined
}

/** A table of the rows that are named, as far as the last run measured them. */
export function benchTable(results: Results | undefined, names: string): string {
  const wanted = names.trim().split(/\s+/)
  const chosen = wanted.flatMap((name) => results?.rows.find((row) => row.name === name) ?? [])
  if (chosen.length === 0) return missing
  const head = ['what', 'tutti', 'the other', 'ratio', 'aimed at', 'reached']
  return wrapTable(
    `<thead><tr>${head.map((word) => `<th>${word}</th>`).join('')}</tr></thead><tbody>${chosen.map(benchRow).join('')}</tbody>`,
  )
}

export function benchMachine(results: Results | undefined): string {
  if (results === undefined) return missing
  const { machine } = results
  const against = Object.entries(machine.against).map(([name, version]) => `${name} ${version}`)
  const text = `${machine.cores} cores (${machine.cpu}), ${machine.memoryGib} GiB, Node ${machine.node.replace('v', '')}, Chromium ${machine.chromium}; ${against.join(', ')}. Medians, with the least and the most of the repetitions.`
  return `<p class="machine">${escapeHtml(text)}</p>\n`
}

function benchRow({ what, unit, of, over, value, bound, met }: Row): string {
  const cells = [
    escapeHtml(what),
    figure(of, unit),
    over === undefined ? '' : figure(over, unit),
    over === undefined ? '' : `<b>${short(value)}</b>`,
    bound === undefined ? '' : bound.atLeast === undefined ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`,
    met === undefined ? '' : met ? 'yes' : 'no',
  ]
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}

function figure({ contestant, median, min, max }: Figure, unit: string): string {
  return `<span class="number">${short(median)} ${escapeHtml(unit)}</span><br /><small>${escapeHtml(contestant)}, ${short(min)} to ${short(max)}</small>`
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 })
}
