import { burstRate } from '../support/bursts.ts'
import type { Contestant, RowSpec, Scenario } from '../support/scenario.ts'
import type { PageName } from '../support/site.ts'

/** Messages of each tab, and before it is measured. */
type Counts = readonly [count: number, warmUp: number]

const rate = { what: 'all-to-all 100 B', figure: 'rate', unit: 'deliveries/s' }
const join = { what: 'full-mesh join', figure: 'joinMs', unit: 'ms' }

/** Every member sends 100 B messages to all others as fast as it goes; n(n-1)N deliveries, until the slowest has all. */
export const allToAll4: Scenario = {
  name: 'all-to-all-4',
  contestants: contestants(4, {
    raw: [16_000, 4_000],
    trystero: [3_000, 500],
    'y-webrtc': [500, 150],
    tutti: [12_000, 4_000],
  }),
  rows: [
    row(rate, 4, 'raw', { atLeast: 0.6 }),
    row(rate, 4, 'trystero', { atLeast: 12 }),
    row(rate, 4, 'y-webrtc', { atLeast: 22 }),
  ],
}

/** The same with eight, and how long these eight took to find each other. */
export const allToAll8: Scenario = {
  name: 'all-to-all-8',
  contestants: contestants(8, {
    raw: [4_000, 1_000],
    trystero: [600, 120],
    'y-webrtc': [150, 40],
    tutti: [3_000, 1_000],
  }),
  rows: [
    row(rate, 8, 'raw', { atLeast: 0.6 }),
    row(rate, 8, 'trystero', { atLeast: 3 }),
    row(rate, 8, 'y-webrtc', { atLeast: 22 }),
    row(join, 8, 'raw', undefined),
    row(join, 8, 'trystero', { atMost: 1 }),
    row(join, 8, 'y-webrtc', { atMost: 1 }),
  ],
}

function contestants(tabCount: number, counts: Readonly<Partial<Record<PageName, Counts>>>): Contestant[] {
  return Object.entries(counts).map(([name, [count, warmUp]]) => ({
    name,
    async run(stage) {
      const { tabs: opened, joinMs } = await stage.linkedTabs(name as PageName, tabCount)
      await using tabs = opened
      const options = { name: `${name}-${tabCount}`, senders: tabs.list, count: stage.count(count), warmUp }
      return { joinMs, rate: await burstRate(stage, tabs, options) }
    },
  }))
}

function row(measured: typeof rate, tabCount: number, against: string, bound: RowSpec['bound']): RowSpec {
  const { what, figure, unit } = measured
  return {
    name: `${measured === join ? 'join' : 'all-to-all'}-${tabCount}-${against}`,
    what: `${what}, ${tabCount} tabs : ${against}${measured === rate && against === 'raw' ? ', batched by hand' : ''}`,
    unit,
    of: { contestant: 'tutti', figure },
    over: { contestant: against, figure },
    ...(bound === undefined ? {} : { bound }),
  }
}
