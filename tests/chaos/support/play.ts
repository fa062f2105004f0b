import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../run/command.ts'
import type { Row } from '../row.ts'
import { type Measure, Stage, type StageOptions } from './stage.ts'

export interface Played {
  readonly measures: readonly Measure[]
  /** What spoke against it; empty where all went well. */
  readonly faults: readonly string[]
}

/**
 * Plays a row on a stage of its own. What it traced is kept, and where it failed also what its tabs looked like inside.
 * @param interrupted rejects to end it at once
 */
export async function play(row: Row, options: StageOptions, interrupted?: Promise<never>): Promise<Played> {
  await using stage = await Stage.open(options)
  const work = (): Promise<string[]> => Promise.race([row.play(stage), ...(interrupted ? [interrupted] : [])])
  const faults = await within(row.limitMs, work).catch((error: unknown) => [describe(error)])
  if (faults.length === 0 && !stage.judged) faults.push('the row never looked at its end')
  await keep(row.name, stage, faults.length > 0)
  return { measures: stage.measures, faults }
}

async function within<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the row had not ended after ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

async function keep(name: string, stage: Stage, hasFailed: boolean): Promise<void> {
  const folder = join(root, 'test-results', 'chaos')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.jsonl`), stage.trace.map((event) => `${JSON.stringify(event)}\n`).join(''))
  if (!hasFailed) return
  const alive = stage.tabs.filter(({ isAlive }) => isAlive)
  // One that is stopped never answers.
  const inside = alive.map((tab) => within(2_000, () => tab.inspect()).catch(describe))
  const texts = (await Promise.all(inside)).map((text, index) => `${alive[index]!.name}\n${text}\n`)
  writeFileSync(join(folder, `${name}.inspect.txt`), texts.join('\n'))
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
