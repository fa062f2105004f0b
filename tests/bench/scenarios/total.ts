import { burstRate } from '../support/bursts.ts'
import type { Contestant, RowSpec, Scenario } from '../support/scenario.ts'
import type { Tab } from '../support/tabs.ts'

/** ABCAST against CBCAST among four: one member that is not the sequencer sends, and then all of them. */
export const total: Scenario = {
  name: 'total',
  contestants: [contestant('cbcast'), contestant('abcast')],
  rows: [row('one', 'one sends, who is not the sequencer'), row('all', 'all send')],
}

function contestant(kind: 'cbcast' | 'abcast'): Contestant {
  return {
    name: kind,
    async run(stage) {
      const { tabs: opened } = await stage.linkedTabs('tutti', 4, { kind })
      await using tabs = opened
      const one = await burstRate(stage, tabs, {
        name: `${kind}-4-one`,
        senders: [await youngest(tabs.list)],
        count: stage.count(60_000),
        warmUp: 20_000,
      })
      const count = stage.count(12_000)
      const all = await burstRate(stage, tabs, { name: `${kind}-4-all`, senders: tabs.list, count, warmUp: 4_000 })
      return { one, all }
    },
  }
}

/** The eldest is the sequencer. */
export async function youngest(tabs: readonly Tab[]): Promise<Tab> {
  const ranks = await Promise.all(tabs.map(({ page }) => page.evaluate(() => window.bench.rank())))
  return tabs[ranks.indexOf(Math.max(...ranks))]!
}

function row(figure: string, senders: string): RowSpec {
  return {
    name: `total-${figure}`,
    what: `ABCAST : CBCAST, burst of 100 B, 4 members, ${senders}`,
    unit: 'deliveries/s',
    of: { contestant: 'abcast', figure },
    over: { contestant: 'cbcast', figure },
    bound: { atLeast: 0.6 },
  }
}
