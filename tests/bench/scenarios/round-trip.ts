import type { Contestant, Scenario } from '../support/scenario.ts'
import type { PageName } from '../support/site.ts'
import { percentile } from '../support/stats.ts'
import type { Tab } from '../support/tabs.ts'
import { youngest } from './total.ts'

const LIMIT_MS = 60_000
const WARM_UP = 150

/** Two members with nothing else to do: a question and its answer; an ABCAST until its own sender has it. */
export const roundTrip: Scenario = {
  name: 'round-trip',
  contestants: [
    contestant('raw', 'raw', {}, ({ list }) => Promise.resolve(list[0]!)),
    contestant('tutti cbcast', 'tutti', { kind: 'cbcast' }, ({ list }) => youngest(list)),
    contestant('tutti abcast', 'tutti', { kind: 'abcast' }, ({ list }) => youngest(list)),
  ],
  rows: [
    {
      name: 'round-trip-cbcast',
      what: 'CBCAST round trip of 100 B, p50, 2 members idle : raw round trip',
      unit: 'ms',
      of: { contestant: 'tutti cbcast', figure: 'roundTripMs' },
      over: { contestant: 'raw', figure: 'roundTripMs' },
      bound: { atMost: 1.2 },
    },
    {
      name: 'own-delivery-abcast',
      what: 'ABCAST of 100 B from a non-sequencer, call to own delivery, p50 : raw round trip',
      unit: 'ms',
      of: { contestant: 'tutti abcast', figure: 'ownDeliveryMs' },
      over: { contestant: 'raw', figure: 'roundTripMs' },
      bound: { atMost: 1.3 },
    },
  ],
}

function contestant(
  name: string,
  page: PageName,
  params: Readonly<Record<string, string>>,
  choose: (tabs: { readonly list: readonly Tab[] }) => Promise<Tab>,
): Contestant {
  return {
    name,
    async run(stage) {
      const { tabs: opened } = await stage.linkedTabs(page, 2, params)
      await using tabs = opened
      const asker = await choose(tabs)
      const other = tabs.list.find((tab) => tab !== asker)!
      await other.page.evaluate(() => window.bench.echo())
      const isOwn = params.kind === 'abcast'
      const measure = (count: number): Promise<number[]> =>
        asker.page.evaluate(([n, own]) => window.bench[own ? 'ownDeliveries' : 'roundTrips'](n), [
          count,
          isOwn,
        ] as const)
      await tabs.within('warmed up', LIMIT_MS, measure(WARM_UP))
      const times = await tabs.within('all round trips', LIMIT_MS, measure(stage.count(400)))
      return { [isOwn ? 'ownDeliveryMs' : 'roundTripMs']: percentile(times, 50) }
    },
  }
}
