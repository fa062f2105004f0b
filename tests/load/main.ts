import { chromium } from 'playwright'
import { contextOptions, launchOptions } from '../browser/support/chromium.ts'
import { startDemo } from '../browser/support/demo-server.ts'
import { Worker } from './worker.ts'

/**
 * `npm run load`: four tabs of the demo at work for a minute (`npm run load 30`: for half of one), everyone drawing, writing,
 * planning and talking, pointers on the move. Prints what it cost each tab; exit code 1 when the tabs do not show the same
 * in the end.
 */
const TABS = 4
const SECONDS = Number(process.argv[2] ?? 60)
const SETTLE_MS = 20_000

if (!(SECONDS > 0)) {
  console.error('npm run load takes a number of seconds')
  process.exit(2)
}
await using demo = await startDemo()
process.exitCode = await run(`${demo.address}?room=load`)

async function run(address: string): Promise<0 | 1> {
  await using browser = await chromium.launch(launchOptions())
  const pages = await Promise.all(
    Array.from({ length: TABS }, async () => {
      const context = await browser.newContext({ ...contextOptions(), viewport: { width: 1440, height: 900 } })
      const page = await context.newPage()
      await page.goto(address)
      await page
        .locator('tutti-roster [part=member]')
        .nth(TABS - 1)
        .waitFor()
      return page
    }),
  )
  const workers = await Promise.all(pages.map((page, index) => Worker.begin(page, index)))
  const untilMs = Date.now() + SECONDS * 1_000
  const strains = await Promise.all(workers.map((worker) => worker.work(untilMs)))
  for (const [index, { mainThread, frameP50Ms, frameP95Ms }] of strains.entries()) {
    const share = `${Math.round(mainThread * 100)} % of a core`
    console.log(`tab ${index + 1}: main thread ${share}, frames ${ms(frameP50Ms)} p50, ${ms(frameP95Ms)} p95`)
  }
  const same = await settle(workers)
  console.log(same === undefined ? 'the tabs do not show the same' : `the same in all tabs: ${same.length} characters`)
  return same === undefined ? 1 : 0
}

/** What all tabs show, once they show the same. */
async function settle(workers: readonly Worker[]): Promise<string | undefined> {
  for (const endMs = Date.now() + SETTLE_MS; Date.now() < endMs; ) {
    const shown = new Set(await Promise.all(workers.map((worker) => worker.digest())))
    if (shown.size === 1) return [...shown][0]
  }
  return undefined
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`
}
