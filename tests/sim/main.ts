import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Arguments, BadArguments, readArguments } from './arguments.ts'
import { neverHit } from './required.ts'
import { runSeed, traceText } from './run-seed.ts'
import { add, addRun, describeSummary, emptySummary, type Summary } from './summary.ts'
import type { Share } from './worker.ts'

/** `npm run sim`: runs seeds, or replays one. Exit code 1 on a violation or a branch never taken, 2 on bad arguments. */
const SEEDS_PER_SHARE = 20
const PROGRESS_EVERY_MS = 30_000

try {
  process.exitCode = await main(readArguments(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof BadArguments)) throw error
  console.error(error.message)
  process.exitCode = 2
}

async function main(options: Arguments): Promise<0 | 1> {
  const startedAt = performance.now()
  const summary = options.first === options.last ? replay(options) : await runAll(options)
  summary.broken.sort((a, b) => a.seed - b.seed)
  const missing = neverHit(summary, options.faults)
  const seconds = (performance.now() - startedAt) / 1_000
  if (options.json) console.log(JSON.stringify({ ...summary, missing, seconds }))
  else {
    const lines = describeSummary(summary, seconds, (seed) => replayCommand(seed, options.faults))
    for (const line of [...lines, ...missing]) console.log(line)
    const brokenSeeds = new Set(summary.broken.map(({ seed }) => seed)).size
    console.log(brokenSeeds === 0 ? 'no violation' : `${brokenSeeds} of ${summary.seeds} seeds break a rule`)
  }
  return summary.broken.length > 0 || missing.length > 0 ? 1 : 0
}

function replayCommand(seed: number, faults: string): string {
  const severity = faults === 'default' ? '' : ` --faults ${faults}`
  return `npm run sim -- --seed ${seed}${severity} --trace seed-${seed}.jsonl`
}

function replay({ first, faults, trace }: Arguments): Summary {
  const summary = emptySummary()
  const { result, broken } = runSeed(first, faults)
  addRun(summary, result, broken)
  if (trace === undefined) return summary
  try {
    writeFileSync(trace, traceText(result))
  } catch (error) {
    console.error(`can't write ${trace}: ${(error as Error).message}`)
    process.exit(2)
  }
  return summary
}

/** Shares the seeds out to as many processes as there are cores. */
async function runAll({ first, last, faults, json }: Arguments): Promise<Summary> {
  const summary = emptySummary()
  let next = first
  let toldAt = performance.now()
  const takeShare = (): Share | undefined => {
    if (next > last) return undefined
    const share = { first: next, last: Math.min(last, next + SEEDS_PER_SHARE - 1), faults }
    next = share.last + 1
    return share
  }
  const done = (part: Summary) => {
    add(summary, part)
    if (json || performance.now() - toldAt < PROGRESS_EVERY_MS) return
    toldAt = performance.now()
    console.log(`${summary.seeds} of ${last - first + 1} seeds, ${summary.broken.length} violations`)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, () => runWorker(takeShare, done)))
  return summary
}

function runWorker(takeShare: () => Share | undefined, done: (part: Summary) => void): Promise<void> {
  const firstShare = takeShare()
  if (firstShare === undefined) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const worker = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), { execArgv: process.execArgv })
    worker.send(firstShare)
    worker.on('message', (part: Summary) => {
      done(part)
      const share = takeShare()
      if (share === undefined) worker.disconnect()
      else worker.send(share)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with exit code ${code}`))))
  })
}
