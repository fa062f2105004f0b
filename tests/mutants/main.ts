import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Workshop } from './copy.ts'
import type { Catch, Run } from './hunt.ts'
import { hunt } from './hunter.ts'
import { mutants } from './list/index.ts'
import { BadMutant, type Mutant } from './mutant.ts'
import { scenarios } from './scenarios/index.ts'

/**
 * `npm run mutants`: puts one fault after another into a copy of the engine and shows what catches it. Exit code 1 when
 * one survives or the engine without a fault breaks a rule in the same runs, 2 when a mutant is badly defined.
 */
const LANES = Math.min(2, availableParallelism())
const SEEDS_MAX = 400
/** Groups that fall apart, for mutants that ask for them. */
const PARTITIONS_MAX = 30
const LIMIT_MS = 60_000
const CONTROL_LIMIT_MS = 240_000
const EVIDENCE_CHARACTERS = 160

interface Outcome {
  readonly mutant: Mutant
  readonly caught: Catch | undefined
  readonly runs: number
  readonly seconds: number
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof BadMutant)) throw error
  console.error(error.message)
  // What the other lane is about is of no interest any more.
  process.exit(2)
}

async function main(): Promise<0 | 1> {
  const { list, only } = readArguments()
  const chosen = only === undefined ? mutants : mutants.filter(({ name }) => name.includes(only))
  if (chosen.length === 0) throw new BadMutant(`no mutant is called ${only}; --list names them`)
  if (list) {
    for (const { name, file, fault, breaks } of chosen) console.log(`${name}: ${fault} (${file}; ${breaks.join(' ')})`)
    return 0
  }
  const startedAt = performance.now()
  const workshop = new Workshop()
  process.once('exit', () => workshop.clear())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  for (const mutant of chosen) workshop.faulty(mutant)
  const outcomes = await inLanes(chosen, async (mutant) => {
    const outcome = await test(workshop, mutant)
    console.log(describe(outcome))
    return outcome
  })
  const broken = await control(workshop, outcomes)
  const survived = outcomes.filter(({ caught }) => caught === undefined)
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  console.log(`${outcomes.length - survived.length} caught, ${survived.length} survived, in ${seconds} s`)
  for (const { mutant } of survived) console.log(`survived: ${mutant.name}: ${mutant.fault}`)
  for (const found of broken)
    console.log(`without a fault: ${nameOf(found.run)} breaks ${rulesOf(found)}: ${brief(found, [])}`)
  return survived.length > 0 || broken.length > 0 ? 1 : 0
}

function readArguments(): { list: boolean; only: string | undefined } {
  try {
    const options = { list: { type: 'boolean', default: false }, only: { type: 'string' } } as const
    const { list, only } = parseArgs({ options }).values
    return { list, only }
  } catch (error) {
    throw new BadMutant(`${(error as Error).message} (usage: mutants [--only NAME] [--list])`)
  }
}

async function test(workshop: Workshop, mutant: Mutant): Promise<Outcome> {
  const startedAt = performance.now()
  const copy = await workshop.make(mutant)
  const { scenarios: named = [], onMerge } = mutant
  const partitions = onMerge === undefined ? [] : upTo(PARTITIONS_MAX).map((seed) => ({ seed, onMerge }))
  const runs = [...named.map((scenario) => ({ scenario })), ...partitions, ...seedsUpTo(SEEDS_MAX)]
  const { caught, runs: count } = await hunt(copy, { runs, stopAtFirst: true, limitMs: LIMIT_MS })
  return { mutant, caught: caught[0], runs: count, seconds: (performance.now() - startedAt) / 1_000 }
}

/** All scenarios, and whatever else caught a mutant, over the engine as it is. */
async function control(workshop: Workshop, outcomes: readonly Outcome[]): Promise<Catch[]> {
  const needed = outcomes.flatMap(({ caught }) => (caught && 'seed' in caught.run ? [caught.run] : []))
  const seeds = new Map(needed.map((run) => [nameOf(run), run]))
  const runs = [...scenarios.map(({ name }) => ({ scenario: name })), ...seeds.values()]
  const lanes = Array.from({ length: LANES }, (_, lane) => runs.filter((_, index) => index % LANES === lane))
  const results = await inLanes(lanes, async (share) => {
    const result = await hunt(workshop.original, { runs: share, stopAtFirst: false, limitMs: CONTROL_LIMIT_MS })
    if (result.runs < share.length && result.caught.length === 0) throw new Error('the control runs took too long')
    return result
  })
  console.log(`without a fault: ${scenarios.length} scenarios, ${seeds.size} seeds that caught something`)
  return results.flatMap(({ caught }) => caught)
}

function seedsUpTo(last: number): Run[] {
  return upTo(last).flatMap((seed): Run[] => [
    { seed, faults: 'default' },
    { seed, faults: 'hard' },
  ])
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

/** Works through the items, as many at a time as there are lanes; results in the order of the items. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return results
}

function describe({ mutant, caught, runs, seconds }: Outcome): string {
  const time = `${seconds.toFixed(1)} s`
  if (caught === undefined) return `SURVIVED  ${mutant.name}: ${runs} runs, ${time}`
  const isAssertion = caught.broken.some(({ evidence }) => evidence.includes('invariant broken'))
  const by = `${rulesOf(caught)}${isAssertion ? ', by an assertion' : ''}`
  const isExpected = caught.broken.some(({ rule }) => mutant.breaks.includes(rule))
  const note = isExpected || isAssertion ? '' : ` (expected ${mutant.breaks.join(' ')})`
  return `caught    ${mutant.name}: ${by}${note}, ${nameOf(caught.run)}, ${time}\n          ${brief(caught, mutant.breaks)}`
}

function nameOf(run: Run): string {
  if ('scenario' in run) return `scenario '${run.scenario}'`
  return `seed ${run.seed} (${'onMerge' in run ? `partitions, ${run.onMerge}` : `${run.faults} faults`})`
}

function rulesOf({ broken }: Catch): string {
  return [...new Set(broken.map(({ rule }) => rule))].join(' ')
}

/** One line of evidence, of an expected rule if one is broken. */
function brief({ broken }: Catch, expected: readonly string[]): string {
  const shown = broken.find(({ rule }) => expected.includes(rule)) ?? broken[0]
  return shown?.evidence.slice(0, EVIDENCE_CHARACTERS).replace(/\n.*/s, '') ?? ''
}
