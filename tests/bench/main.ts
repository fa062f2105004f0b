import { Command } from 'commander'
import { keep } from './results.ts'
import { type Row, runScenario } from './run.ts'
import { scenarios } from './scenarios.ts'
import { machineFacts } from './support/machine.ts'
import { Profiler } from './support/profile.ts'
import type { Scenario } from './support/scenario.ts'
import { Stage } from './support/stage.ts'
import { lineOf } from './table.ts'

// `npm run bench`: measures the library beside others in real tabs. See README.md.

interface Options {
  readonly quick?: boolean
  readonly only?: readonly string[]
  readonly soak?: boolean
  readonly profile?: string
}

const REPETITIONS = 5
const QUICK_REPETITIONS = 2

const command = new Command('bench')
  .description('Measures the library beside others, in real tabs; writes results.json and README.md.')
  .option('--quick', 'fewer messages and repetitions')
  .option('--only <names...>', `some: ${scenarios.map(({ name }) => name).join(', ')}, or the names of rows`)
  .option('--soak', 'the ten minutes of the soak, and nothing else')
  .option('--profile <folder>', 'writes there where the time goes in the tabs that burst; keeps no results')
  .action(async (options: Options) => {
    const chosen = choose(options)
    const start = performance.now()
    const { rows, errors } = await measure(chosen, options)
    for (const row of rows) console.log(lineOf(row))
    const missed = rows.filter(({ met }) => met === false)
    const tookS = Math.round((performance.now() - start) / 1_000)
    console.log(`${rows.length} rows, ${missed.length} bounds missed, ${errors} scenarios failed, ${tookS} s`)
    if (errors > 0) process.exitCode = 1
  })

await command.parseAsync()

function choose({ only, soak }: Options): Scenario[] {
  if (only === undefined) return scenarios.filter(({ isSoak }) => (isSoak ?? false) === (soak ?? false))
  const isNamed = ({ name, rows }: Scenario): boolean =>
    only.includes(name) || rows.some((row) => only.includes(row.name))
  const chosen = scenarios.filter(isNamed)
  const known = new Set(scenarios.flatMap(({ name, rows }) => [name, ...rows.map((row) => row.name)]))
  const unknown = only.filter((name) => !known.has(name))
  if (unknown.length > 0) command.error(`error: there is no ${unknown.join(', ')}: one of ${[...known].join(', ')}`)
  return chosen
}

/** A scenario that fails is told, and the next one begins. */
async function measure(
  chosen: readonly Scenario[],
  { quick = false, profile }: Options,
): Promise<{ rows: Row[]; errors: number }> {
  const machine = await machineFacts()
  await using stage = await Stage.open({ quick, profiler: profile === undefined ? undefined : new Profiler(profile) })
  const rows: Row[] = []
  let errors = 0
  for (const scenario of chosen) {
    try {
      const repetitions = quick ? QUICK_REPETITIONS : REPETITIONS
      rows.push(...(await runScenario(scenario, stage, { repetitions, say: console.log })))
    } catch (error) {
      errors++
      console.error(`${scenario.name} failed:`, error)
    }
    // A profiled page is a slow one.
    if (profile === undefined) keep(machine, rows)
  }
  return { rows, errors }
}
