import { burstRate } from '../support/bursts.ts'
import type { Contestant, RowSpec, Scenario } from '../support/scenario.ts'
import { percentile } from '../support/stats.ts'
import { youngest } from './total.ts'

const LIMIT_MS = 60_000
const WARM_UP = 30
/** Falls anywhere between what the busy page does. */
const PAUSE_MS = 37

/** Links and engines in a dedicated worker, against the same in the page's own thread. */
export const worker: Scenario = {
  name: 'worker',
  contestants: [contestant('tutti'), contestant('tutti-in-worker')],
  rows: [
    row('burst', 'rate', 'CBCAST burst of 100 B, 2 members', 'messages/s'),
    row('round-trip', 'roundTripMs', 'CBCAST round trip, p50, 2 members idle', 'ms'),
    row(
      'busy',
      'busyMs',
      'ABCAST, call to own delivery, p50, 2 members, the page of the sequencer busy for 100 of 110 ms',
      'ms',
    ),
  ],
}

function contestant(page: 'tutti' | 'tutti-in-worker'): Contestant {
  return {
    name: page,
    async run(stage) {
      const { tabs: opened } = await stage.linkedTabs(page, 2)
      await using tabs = opened
      const [first, second] = [tabs.list[0]!, tabs.list[1]!]
      const count = stage.count(100_000)
      const rate = await burstRate(stage, tabs, { name: `${page}-alone`, senders: [first], count, warmUp: 60_000 })
      await second.page.evaluate(() => window.bench.echo())
      const ask = (n: number): Promise<number[]> => first.page.evaluate((times) => window.bench.roundTrips(times), n)
      await tabs.within('warmed up', LIMIT_MS, ask(WARM_UP))
      const roundTripMs = percentile(await tabs.within('all round trips', LIMIT_MS, ask(stage.count(200))), 50)
      return { rate, roundTripMs, busyMs: await busyMs(stage, page) }
    },
  }
}

/** What a member waits for whose sequencer has other things to do. */
async function busyMs(stage: Parameters<Contestant['run']>[0], page: 'tutti' | 'tutti-in-worker'): Promise<number> {
  const { tabs: opened } = await stage.linkedTabs(page, 2, { kind: 'abcast' })
  await using tabs = opened
  const caller = await youngest(tabs.list)
  const call = (n: number): Promise<number[]> =>
    caller.page.evaluate(([times, ms]) => window.bench.ownDeliveries(times, ms), [n, PAUSE_MS] as const)
  await tabs.within('warmed up', LIMIT_MS, call(WARM_UP))
  const sequencer = tabs.list.find((tab) => tab !== caller)!
  await sequencer.page.evaluate(() => window.bench.beBusy())
  return percentile(await tabs.within('all own deliveries', LIMIT_MS, call(stage.count(60))), 50)
}

function row(name: string, figure: string, what: string, unit: string): RowSpec {
  return {
    name: `worker-${name}`,
    what: `links and engines in a worker : in the page; ${what}`,
    unit,
    of: { contestant: 'tutti-in-worker', figure },
    over: { contestant: 'tutti', figure },
  }
}
