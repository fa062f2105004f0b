import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type GrowthPoint, type GrowthResult, growth, resultOf, SIZES } from './growth.ts'
import { describe, draw } from './report.ts'

/**
 * `npm run bench:growth [-- --sizes 2,4,8] [--keep] [--out folder]`: writes the pictures, results.json and README.md.
 * `--keep`: figures of other sizes stay as they are. They follow from the code and a seed, whatever the machine: they go
 * with these as long as the code is the same.
 */

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: SIZES.join(',') },
    keep: { type: 'boolean', default: false },
    out: { type: 'string', default: fileURLToPath(new URL('.', import.meta.url)) },
  },
})
const sizes = values.sizes.split(',').map(Number)
if (sizes.some((size) => !Number.isInteger(size) || size < 2 || size > 1_000)) {
  throw new Error('--sizes takes sizes from 2 to 1000, separated by commas')
}

// Before what takes minutes, so that nothing is measured in vain.
mkdirSync(values.out, { recursive: true })
const kept = values.keep ? readKept() : []
if (kept.length + sizes.length < 2) throw new Error('a curve takes two sizes at least')
const result = together(kept, (await growth({ sizes, progress: (line) => console.log(line) })).points)
write(result)
for (const { name, value, atMost, ok } of result.rows) {
  console.log(`${name}: ${value.toFixed(2)}, at most ${atMost}: ${ok ? 'reached' : 'MISSED'}`)
}
if (result.rows.some(({ ok }) => !ok)) process.exitCode = 1

function readKept(): readonly GrowthPoint[] {
  const file = join(values.out, 'results.json')
  if (!existsSync(file)) return []
  const { points } = JSON.parse(readFileSync(file, 'utf8')) as GrowthResult
  return points.filter(({ members }) => !sizes.includes(members))
}

function together(kept: readonly GrowthPoint[], measured: readonly GrowthPoint[]): GrowthResult {
  return resultOf([...kept, ...measured].sort((a, b) => a.members - b.members))
}

function write(all: GrowthResult): void {
  const files = [
    ...draw(all),
    ['results.json', `${JSON.stringify(all, undefined, 2)}\n`] as const,
    ['README.md', describe(all)] as const,
  ]
  for (const [name, text] of files) writeFileSync(join(values.out, name), text)
}
