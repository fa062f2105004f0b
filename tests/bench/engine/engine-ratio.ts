import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'vite'
import { type Hot, hottest } from './profile.ts'
import type { RunOptions, RunResult } from './run.ts'

export interface EngineOptions {
  readonly repetitions?: number
  readonly multicasts?: number
  readonly aTurn?: number
}

/** One row of the table: rates in deliveries a second and core, medians; `spread`: the least and the largest ratio. */
export interface EngineRow {
  readonly name: string
  readonly ratio: number
  readonly spread: readonly [number, number]
  readonly atLeast: number
  readonly ok: boolean
  readonly deliveriesPerSecond: number
  readonly decodedPerSecond: number
  readonly repetitions: number
}

const DEFAULTS: RunOptions = { multicasts: 210_000, aTurn: 64, warmUps: 3, repetitions: 11, profiles: false }
const AT_LEAST = 0.35
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PROGRAM = 'tests/bench/engine/run'
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

/** How fast an engine delivers, against a loop that only decodes the same frames and calls back. */
export async function engineRatio(options: EngineOptions = {}): Promise<EngineRow> {
  const { decoding, engine } = await withProgram(
    async (program) => JSON.parse(await runNode(program, options)) as RunResult,
  )
  const ratios = engine.map((rate, index) => rate / decoding[index]!)
  const ratio = median(ratios)
  return {
    name: 'engine alone in Node, 8 members, 100 B causal, deliveries/s : a loop that only decodes the same frames',
    ratio,
    spread: [Math.min(...ratios), Math.max(...ratios)],
    atLeast: AT_LEAST,
    ok: ratio >= AT_LEAST,
    deliveriesPerSecond: median(engine),
    decodedPerSecond: median(decoding),
    repetitions: ratios.length,
  }
}

/** Where the engine spends its time. */
export async function engineProfile(options: EngineOptions = {}): Promise<Hot[]> {
  return await withProgram(async (program) => hottest(await runNode(program, { ...options, profiles: true })))
}

/** Builds the program, a file each module: what runs is plain JavaScript, no loader in between. */
async function withProgram<T>(use: (program: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-engine-'))
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: join(ROOT, `${PROGRAM}.ts`),
        outDir: folder,
        minify: false,
        target: 'node20',
        rolldownOptions: { output: { entryFileNames: '[name].mjs', preserveModules: true, preserveModulesRoot: ROOT } },
      },
    })
    return await use(join(folder, `${PROGRAM}.mjs`))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function runNode(program: string, options: Partial<RunOptions>): Promise<string> {
  const input = JSON.stringify({ ...DEFAULTS, ...options })
  const { stdout } = await promisify(execFile)(process.execPath, [program, input], { maxBuffer: OUTPUT_BYTES_MAX })
  return stdout
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
