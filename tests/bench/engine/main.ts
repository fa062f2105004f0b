import { parseArgs } from 'node:util'
import { engineProfile, engineRatio } from './engine-ratio.ts'

/** `npm run bench:engine [-- --repetitions 9] [--multicasts 210000] [--a-turn 16] [--profile]` */

const SHOWN = 25

const { values } = parseArgs({
  options: {
    repetitions: { type: 'string' },
    multicasts: { type: 'string' },
    'a-turn': { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
})
const options = {
  ...(values.repetitions !== undefined && { repetitions: positive(values.repetitions) }),
  ...(values.multicasts !== undefined && { multicasts: positive(values.multicasts) }),
  ...(values['a-turn'] !== undefined && { aTurn: positive(values['a-turn']) }),
}

if (values.profile) {
  for (const { name, share } of (await engineProfile(options)).slice(0, SHOWN)) {
    console.log(`${(100 * share).toFixed(1).padStart(5)} %  ${name}`)
  }
} else {
  const row = await engineRatio(options)
  const [least, most] = row.spread
  console.log(row.name)
  console.log(
    `${row.ratio.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}), at least ${row.atLeast}: ${row.ok ? 'reached' : 'MISSED'}`,
  )
  console.log(
    `${millions(row.deliveriesPerSecond)} deliveries/s, ${millions(row.decodedPerSecond)} decoded/s, medians of ${row.repetitions}`,
  )
  if (!row.ok) process.exitCode = 1
}

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a whole number from 1 on`)
  return value
}

function millions(perSecond: number): string {
  return `${(perSecond / 1e6).toFixed(2)} million`
}
