import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { growth, SIZES } from './growth.ts'
import { describe, draw } from './report.ts'

/** `npm run bench:growth [-- --sizes 2,4,8] [--out folder]`: writes the pictures, results.json and README.md. */

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: SIZES.join(',') },
    out: { type: 'string', default: fileURLToPath(new URL('.', import.meta.url)) },
  },
})
const sizes = values.sizes.split(',').map(Number)
if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 2 || size > 1_000)) {
  throw new Error('--sizes takes at least two sizes from 2 to 1000, separated by commas')
}

const result = await growth({ sizes, progress: (line) => console.log(line) })
for (const [name, text] of [
  ...draw(result),
  ['results.json', `${JSON.stringify(result, undefined, 2)}\n`] as const,
  ['README.md', describe(result)] as const,
]) {
  writeFileSync(`${values.out}/${name}`, text)
}
for (const { name, value, atMost, ok } of result.rows) {
  console.log(`${name}: ${value.toFixed(2)}, at most ${atMost}: ${ok ? 'reached' : 'MISSED'}`)
}
if (result.rows.some(({ ok }) => !ok)) process.exitCode = 1
