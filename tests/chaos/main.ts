import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findChromium } from '../browser/support/chromium.ts'
import { serveScript } from '../browser/support/site.ts'
import { advice } from '../run/ensure-chromium.ts'
import type { Row } from './row.ts'
import { rows } from './rows.ts'
import { Browser } from './support/browser.ts'
import { Network } from './support/network.ts'
import { play } from './support/play.ts'
import { figure } from './support/stage.ts'

/**
 * `npm run chaos`: faults in real browsers, each on a host of its own where the machine can make hosts. Exit code 1 when
 * a row fails, 2 when nothing could be run.
 */
const HOSTS = 6
const FAULTS_SHOWN = 12
const TIDY_UP_MS = 15_000
const USAGE = 'usage: chaos [--row NAME]... [--list]'

const page = fileURLToPath(new URL('pages/chaos-page.ts', import.meta.url))
const nameWidth = Math.max(...rows.map(({ name }) => name.length))

interface Outcome {
  readonly mark: 'ok' | 'FAILED' | 'skipped'
  /** What was measured, or why nothing was. */
  readonly figures: readonly string[]
  readonly faults: readonly string[]
}

process.exitCode = await main()

async function main(): Promise<0 | 1 | 2> {
  const chosen = choose()
  if (typeof chosen === 'number') return chosen
  if (findChromium() === undefined) {
    console.error(advice)
    return 2
  }
  let isStopped = false
  const interrupted = interruption()
  interrupted.catch(() => {
    isStopped = true
  })
  Browser.clearStale()
  const whyNot = Network.whyNot()
  using network = whyNot === undefined ? Network.open(HOSTS) : undefined
  // Also where tidying up hangs; it may be done twice.
  process.once('exit', () => network?.[Symbol.dispose]())
  await using site = await serveScript(page, network?.gateway)
  const marks: Outcome['mark'][] = []
  for (const row of chosen) {
    if (isStopped) break
    const started = Date.now()
    const outcome =
      row.cutsLinks && whyNot !== undefined
        ? skip(whyNot)
        : await run(row, { page: site.address, network }, interrupted)
    marks.push(outcome.mark)
    print(row, outcome, Date.now() - started)
  }
  console.log(summary(marks, chosen.length - marks.length))
  return isStopped || marks.includes('FAILED') ? 1 : 0
}

/** Rejects when somebody wants to stop. A signal may come twice: from the terminal, and from what started this. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        reject(new Error(`interrupted by ${signal}`))
        setTimeout(() => process.exit(1), TIDY_UP_MS).unref()
      })
    }
  })
}

/** The rows that were asked for, or the exit code where there is nothing to do. */
function choose(): readonly Row[] | 0 | 2 {
  const options = {
    row: { type: 'string', multiple: true, default: [] as string[] },
    list: { type: 'boolean' },
  } as const
  try {
    const { row: names, list } = parseArgs({ options }).values
    const unknown = names.find((name) => !rows.some((row) => row.name === name))
    if (unknown !== undefined) throw new Error(`there is no row ${unknown}; --list names them`)
    const chosen = rows.filter(({ name }) => names.length === 0 || names.includes(name))
    if (!list) return chosen
    for (const { name, title } of chosen) console.log(`${name.padEnd(nameWidth)} ${title}`)
    return 0
  } catch (error) {
    console.error(`${(error as Error).message} (${USAGE})`)
    return 2
  }
}

async function run(row: Row, options: Parameters<typeof play>[1], interrupted: Promise<never>): Promise<Outcome> {
  const { measures, faults } = await play(row, options, interrupted)
  return { mark: faults.length === 0 ? 'ok' : 'FAILED', figures: measures.map(figure), faults }
}

function skip(whyNot: string): Outcome {
  return { mark: 'skipped', figures: [whyNot], faults: [] }
}

function print({ name, title }: Row, { mark, figures, faults }: Outcome, tookMs: number): void {
  const indent = ' '.repeat(8)
  console.log(`${mark.padEnd(7)} ${name.padEnd(nameWidth)} ${(tookMs / 1_000).toFixed(1).padStart(6)} s  ${title}`)
  for (const figure of figures) console.log(`${indent}${figure}`)
  for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(fault.replaceAll(/^/gm, `${indent}! `))
  const more = faults.length - FAULTS_SHOWN
  if (more > 0) console.log(`${indent}! and ${more} more`)
  if (mark === 'FAILED') console.log(`${indent}what was traced: test-results/chaos/${name}.jsonl`)
}

function summary(marks: readonly Outcome['mark'][], unplayed: number): string {
  const count = (mark: Outcome['mark']): number => marks.filter((one) => one === mark).length
  const skipped = count('skipped') + unplayed
  return `${count('ok')} rows passed, ${count('FAILED')} failed, ${skipped} rows skipped`
}
