import { heapBytes } from '../support/heap.ts'
import type { Figures, Scenario } from '../support/scenario.ts'
import type { Stage } from '../support/stage.ts'
import type { Tabs } from '../support/tabs.ts'

const MINUTE_MS = 60_000
const MINUTES = 10
const MEMBERS = 4
const MESSAGES_PER_SECOND = 1_000
const LIMIT_MS = 30_000

/** Four members, 1,000 messages a second in all, ten minutes. */
export const soak: Scenario = {
  name: 'soak',
  contestants: [{ name: 'tutti', run }],
  repetitions: 1,
  isSoak: true,
  rows: [
    {
      name: 'soak-heap',
      what: '10 minutes, 4 members, 1,000 messages/s in all: heap at the end : after one minute, of the tab where it grew most',
      unit: 'MiB',
      of: { contestant: 'tutti', figure: 'endMiB' },
      over: { contestant: 'tutti', figure: 'minuteMiB' },
      bound: { atMost: 1.1 },
    },
  ],
}

async function run(stage: Stage): Promise<Figures> {
  await using tabs = await stage.tabs('tutti-load', MEMBERS)
  await tabs.join()
  await Promise.all(
    tabs.list.map(({ page }) => page.evaluate((n) => window.load.start(n), MESSAGES_PER_SECOND / MEMBERS)),
  )
  const start = performance.now()
  const readings: number[][] = []
  for (let minute = 1; minute <= MINUTES; minute++) {
    const restMs = start + minute * MINUTE_MS - performance.now()
    await new Promise((resolve) => setTimeout(resolve, restMs))
    const heaps = await tabs.within('the heap of each tab', LIMIT_MS, Promise.all(tabs.list.map(heapBytes)))
    readings.push(heaps.map((bytes) => bytes / 1024 / 1024))
    console.log(
      `  minute ${minute}: ${readings
        .at(-1)!
        .map((mib) => mib.toFixed(2))
        .join(', ')} MiB`,
    )
  }
  await check(tabs)
  const first = readings[0]!
  const last = readings.at(-1)!
  const growth = last.map((mib, place) => mib / first[place]!)
  const worst = growth.indexOf(Math.max(...growth))
  return { endMiB: last[worst]!, minuteMiB: first[worst]! }
}

/** A load that did not come through would be no load. */
async function check(tabs: Tabs): Promise<void> {
  await Promise.all(tabs.list.map(({ page }) => page.evaluate(() => window.load.stop())))
  const ask = () => Promise.all(tabs.list.map(({ page }) => page.evaluate(() => window.load.standing())))
  const sent = (await tabs.within('what was sent', LIMIT_MS, ask())).reduce((sum, one) => sum + one.sent, 0)
  const least = (MESSAGES_PER_SECOND * MINUTES * MINUTE_MS * 0.95) / 1_000
  if (sent < least) throw new Error(`only ${sent} messages were sent, of ${least} at least`)
  const heard = tabs.list.map(async ({ page }) => {
    const own = (await page.evaluate(() => window.load.standing())).sent
    await page.evaluate((n) => window.load.heardSoMany(n), sent - own)
  })
  await tabs.within('all messages heard', LIMIT_MS, Promise.all(heard))
  const faults = (await ask()).flatMap((standing) => standing.faults)
  if (faults.length > 0) throw new Error(`the load went wrong: ${faults.slice(0, 5).join('; ')}`)
}
