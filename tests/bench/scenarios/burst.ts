import { burstRate } from '../support/bursts.ts'
import type { Contestant, RowSpec, Scenario } from '../support/scenario.ts'
import type { PageName } from '../support/site.ts'

const RAW_EACH = 'raw-each'

/** One of two members sends 100 B messages as fast as it goes. */
export const burst: Scenario = {
  name: 'burst',
  contestants: [
    contestant('raw', 300_000, 60_000),
    contestant('raw', 200_000, 60_000, 'each'),
    contestant('simple-peer', 60_000, 10_000),
    contestant('trystero', 15_000, 3_000),
    contestant('y-webrtc', 6_000, 1_000),
    contestant('tutti', 200_000, 60_000),
  ],
  rows: [
    row('raw', 'a raw channel, batched by hand in 16 KB frames', 0.7),
    row(RAW_EACH, 'the same raw channel, with an Event and bytes of its own for each message'),
    row('simple-peer', 'unbatched simple-peer', 3),
    row('trystero', 'trystero', 12),
    row('y-webrtc', 'y-webrtc', 35),
  ],
}

function contestant(page: PageName, count: number, warmUp: number, events?: 'each'): Contestant {
  return {
    name: events === undefined ? page : RAW_EACH,
    async run(stage) {
      const { tabs: opened } = await stage.linkedTabs(page, 2, events === undefined ? {} : { events })
      await using tabs = opened
      const senders = tabs.list.slice(0, 1)
      return { rate: await burstRate(stage, tabs, { name: page, senders, count: stage.count(count), warmUp }) }
    },
  }
}

function row(against: string, description: string, atLeast?: number): RowSpec {
  return {
    name: `burst-${against}`,
    what: `CBCAST burst of 100 B, 2 members : ${description}`,
    unit: 'messages/s',
    of: { contestant: 'tutti', figure: 'rate' },
    over: { contestant: against, figure: 'rate' },
    ...(atLeast !== undefined && { bound: { atLeast } }),
  }
}
