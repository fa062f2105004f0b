import type { Stage } from './stage.ts'
import type { Tab, Tabs } from './tabs.ts'

export interface BurstOptions {
  /** The name of the contestant, for profiles. */
  readonly name: string
  readonly senders: readonly Tab[]
  /** Messages of each sender. */
  readonly count: number
  /** Before it is measured, of each sender. */
  readonly warmUp: number
}

const LIMIT_MS = 60_000
/** Until all tabs know that they are to begin. */
const HEAD_START_MS = 150

/** Deliveries a second, from the first call to the last tab's last message. */
export async function burstRate(stage: Stage, tabs: Tabs, options: BurstOptions): Promise<number> {
  const { name, count, warmUp } = options
  await burst(tabs, options, warmUp)
  const run = (): Promise<number> => burst(tabs, options, count)
  return stage.profiler === undefined ? await run() : await stage.profiler.around(name, tabs.list, run)
}

async function burst(tabs: Tabs, { senders, name }: BurstOptions, count: number): Promise<number> {
  const messagesFor = (tab: Tab): number => senders.filter((sender) => sender !== tab).length * count
  await Promise.all(tabs.list.map((tab) => tab.page.evaluate((n) => window.bench.expectMessages(n), messagesFor(tab))))
  const atMs = Date.now() + HEAD_START_MS
  const sent = senders.map(({ page }) => page.evaluate(([n, at]) => window.bench.burst(n, at), [count, atMs] as const))
  const heard = tabs.list.map(({ page }) => page.evaluate(() => window.bench.reached()))
  const all = Promise.all([Promise.all(sent), Promise.all(heard)])
  const [starts, ends] = await tabs.within(`all of a burst of ${name}`, LIMIT_MS, all)
  const deliveries = tabs.list.reduce((sum, tab) => sum + messagesFor(tab), 0)
  return (deliveries * 1_000) / (Math.max(...ends) - Math.min(...starts))
}
