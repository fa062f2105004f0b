import type { Contestant, Scenario } from '../support/scenario.ts'
import type { Stage } from '../support/stage.ts'
import type { Tabs } from '../support/tabs.ts'

const MIB = 1024 * 1024
const LIMIT_MS = 60_000

/** One Uint8Array of 64 MiB in one multicast, and as much over a raw channel in messages of 64 KB. */
export const value: Scenario = {
  name: 'value',
  contestants: [contestant('raw'), contestant('tutti')],
  rows: [
    {
      name: 'value-64-mib',
      what: '64 MiB value, 2 members : a raw channel with 64 KB messages',
      unit: 'MiB/s',
      of: { contestant: 'tutti', figure: 'rate' },
      over: { contestant: 'raw', figure: 'rate' },
      bound: { atLeast: 0.85 },
    },
  ],
}

function contestant(name: 'raw' | 'tutti'): Contestant {
  return {
    name,
    async run(stage) {
      const { tabs: opened } = await stage.linkedTabs(name, 2)
      await using tabs = opened
      await bulkRate(tabs, 8 * MIB)
      return { rate: await profiled(stage, `${name}-value`, tabs, () => bulkRate(tabs, 64 * MIB)) }
    },
  }
}

function profiled(stage: Stage, name: string, tabs: Tabs, run: () => Promise<number>): Promise<number> {
  return stage.profiler === undefined ? run() : stage.profiler.around(name, tabs.list, run)
}

async function bulkRate(tabs: Tabs, bytes: number): Promise<number> {
  const [sender, receiver] = tabs.list.map(({ page }) => page)
  await receiver!.evaluate((n) => window.bench.expect(n), bytes)
  const reached = receiver!.evaluate(() => window.bench.reached())
  const sent = sender!.evaluate((n) => window.bench.bulk(n), bytes)
  const [start, end] = await tabs.within(`${bytes} bytes at the other side`, LIMIT_MS, Promise.all([sent, reached]))
  return (bytes / MIB / (end - start)) * 1_000
}
