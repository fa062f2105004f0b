import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { killAll, root } from './command.ts'
import { type Count, type StepResult, say, sum } from './count.ts'
import { type Step, type StepOptions, steps } from './steps.ts'

// `npm test`: every step, whatever becomes of the ones before. `npm test -- unit browser`: these, and what they need.
// The name of a folder of tests (`npm test -- sim`) runs the unit step with that folder alone.

const shownLines = 150
const reports = join('.cache', 'test')

async function main(names: readonly string[]): Promise<void> {
  const { chosen, only } = choose(names)
  mkdirSync(join(root, reports), { recursive: true })
  const started = Date.now()
  const lane = (name: Step['lane']): Promise<Count[]> =>
    runLane(
      chosen.filter((step) => step.lane === name),
      { reports, only },
    )
  const counts = (await Promise.all([lane('tree'), lane('tests')])).flat()
  counts.push(...(await lane('browser')))
  const total = sum(counts)
  console.log(`All in ${seconds(started)}; the whole output of each step is in ${reports}`)
  console.log(say(total))
  process.exitCode = total.failed === 0 ? 0 : 1
}

async function runLane(lane: readonly Step[], options: StepOptions): Promise<Count[]> {
  const counts: Count[] = []
  for (const step of lane) counts.push(await runStep(step, options))
  return counts
}

async function runStep(step: Step, options: StepOptions): Promise<Count> {
  const started = Date.now()
  const result: StepResult = await step.run(options).catch((error: unknown) => {
    const output = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { passed: 0, failed: 1, skipped: 0, output }
  })
  writeFileSync(join(root, options.reports, `${step.name}.log`), result.output)
  const mark = result.failed === 0 ? 'ok    ' : 'FAILED'
  console.log(`${mark} ${step.name.padEnd(10)} ${seconds(started).padStart(8)}   ${say(result)}`)
  if (result.failed > 0) console.log(indent(result.summary ?? result.output))
  return result
}

function choose(names: readonly string[]): { chosen: readonly Step[]; only: readonly string[] } {
  const wanted = new Set(names.filter((name) => steps.some((step) => step.name === name)))
  const folders = names.filter((name) => !wanted.has(name))
  const unknown = folders.filter((name) => !existsSync(join(root, 'tests', name)))
  if (unknown.length > 0) {
    console.error(`No step or folder of tests is called ${unknown.join(', ')}; steps: ${steps.map(nameOf).join(', ')}`)
    process.exit(2)
  }
  const only = wanted.has('unit') ? [] : folders.map((name) => `tests/${name}/`)
  if (only.length > 0) wanted.add('unit')
  for (const step of steps) if (wanted.has(step.name)) for (const need of step.needs ?? []) wanted.add(need)
  return { chosen: names.length === 0 ? steps : steps.filter((step) => wanted.has(step.name)), only }
}

function nameOf(step: Step): string {
  return step.name
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}

function indent(output: string): string {
  const lines = output.trimEnd().split('\n')
  const left = lines.length - shownLines
  const shown = left > 0 ? [`(${left} lines before these are in the log)`, ...lines.slice(left)] : lines
  return shown.map((line) => `       ${line}`).join('\n')
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    killAll()
    process.exit(1)
  })
}

await main(process.argv.slice(2))
