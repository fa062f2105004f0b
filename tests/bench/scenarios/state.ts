import type { Latency } from '../pages/tutti-load.ts'
import type { Figures, RowSpec, Scenario } from '../support/scenario.ts'
import type { Stage } from '../support/stage.ts'
import { percentile } from '../support/stats.ts'
import type { Tab, Tabs } from '../support/tabs.ts'

const STATE_BYTES = 64 * 1024 * 1024
const LIMIT_MS = 60_000
const MEMBERS = 3
/** Of each member. */
const MESSAGES_PER_SECOND = 100

/** A fourth member takes a state of 64 MiB while the three others go on sending. */
export const state: Scenario = {
  name: 'state',
  contestants: [{ name: 'tutti', run }],
  rows: [
    row('state-64-mib', 'of and at the members that are there', 'all'),
    row('state-64-mib-others', 'of and at those that have no part in it', 'others'),
    {
      name: 'state-64-mib-rate',
      what: 'the same: bytes of state a second, from the call of join to the loaded state',
      unit: 'MiB/s',
      of: { contestant: 'tutti', figure: 'rate' },
    },
  ],
}

async function run(stage: Stage): Promise<Figures> {
  await using tabs = await stage.tabs('tutti-load', MEMBERS + 1, { stateBytes: `${STATE_BYTES}` })
  const members = tabs.list.slice(0, MEMBERS)
  const joiner = tabs.list[MEMBERS]!
  for (const { page } of members) {
    await tabs.within(
      'joined',
      LIMIT_MS,
      page.evaluate(() => window.bench.join()),
    )
  }
  await each(tabs, members, ({ page }) => page.evaluate((n) => window.load.together(n), MEMBERS))
  await each(tabs, members, ({ page }) => page.evaluate((n) => window.load.start(n), MESSAGES_PER_SECOND))
  await pause(1_500)

  await takeHeard(tabs, members)
  await pause(stage.count(3_000))
  const quiet = await takeHeard(tabs, members)
  const start = performance.now()
  await tabs.within(
    'the state loaded',
    LIMIT_MS,
    joiner.page.evaluate(() => window.bench.join()),
  )
  const tookMs = performance.now() - start
  const busy = await takeHeard(tabs, members)
  await each(tabs, members, ({ page }) => page.evaluate(() => window.load.stop()))

  const standings = await each(tabs, tabs.list, ({ page }) => page.evaluate(() => window.load.standing()))
  const faults = standings.flatMap((standing) => standing.faults)
  if (faults.length > 0) throw new Error(`the load went wrong: ${faults.join('; ')}`)
  const isOther = ({ from, at }: Heard): boolean => !busy.givers.has(from) && !busy.givers.has(at)
  const p99 = (heard: readonly Heard[]): number =>
    percentile(
      heard.map(({ ms }) => ms),
      99,
    )
  return {
    allBusy: p99(busy.heard),
    allQuiet: p99(quiet.heard),
    othersBusy: p99(busy.heard.filter(isOther)),
    othersQuiet: p99(quiet.heard.filter(isOther)),
    rate: STATE_BYTES / 1024 / 1024 / (tookMs / 1_000),
  }
}

interface Heard extends Latency {
  readonly at: number
}

/** What the members heard of each other, and the places of those that gave state meanwhile. */
async function takeHeard(tabs: Tabs, members: readonly Tab[]): Promise<{ heard: Heard[]; givers: Set<number> }> {
  const taken = await each(tabs, members, ({ page }) => page.evaluate(() => window.load.takeHeard()))
  const heardAt = (at: number): Heard[] => taken[at]!.latencies.map((latency) => ({ ...latency, at }))
  return {
    heard: taken.flatMap((_, at) => heardAt(at)),
    givers: new Set(taken.flatMap(({ gave }, place) => (gave ? [place] : []))),
  }
}

function each<T>(tabs: Tabs, of: readonly Tab[], ask: (tab: Tab) => Promise<T>): Promise<T[]> {
  return tabs.within('an answer of each page', LIMIT_MS, Promise.all(of.map(ask)))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function row(name: string, whose: string, figure: string): RowSpec {
  return {
    name,
    what: `64 MiB state transfer, 3 members with 100 messages/s each: p99 of messages ${whose} : without it`,
    unit: 'ms',
    of: { contestant: 'tutti', figure: `${figure}Busy` },
    over: { contestant: 'tutti', figure: `${figure}Quiet` },
    bound: { atMost: 3 },
  }
}
