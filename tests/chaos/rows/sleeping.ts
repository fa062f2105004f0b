import type { Row } from '../row.ts'
import type { Stage } from '../support/stage.ts'
import type { Tab } from '../support/tab.ts'

// Tabs that are silent for a while, or slow, and then go on.

const shortSleeps: readonly { durationMs: number; boundMs: number }[] = [3_000, 10_000].map((durationMs) => ({
  durationMs,
  boundMs: 2_000,
}))

export const sleepingRows: readonly Row[] = [
  ...shortSleeps.flatMap(({ durationMs, boundMs }): Row[] => {
    const seconds = durationMs / 1_000
    const outcome = `for ${seconds} s under load is still a member and catches up within ${boundMs / 1_000} s`
    return [
      {
        name: `hung-${seconds}s`,
        title: `a page that hangs ${outcome} [FD1, FD2, VW7, DL5]`,
        limitMs: 90_000,
        play: (stage) => sleepAndStay(stage, boundMs, (tab) => tab.hang(durationMs)),
      },
      {
        name: `stopped-${seconds}s`,
        title: `a browser that is stopped ${outcome} [FD1, FD2, VW7, DL5]`,
        limitMs: 90_000,
        play: (stage) => sleepAndStay(stage, boundMs, (tab) => stop(stage, tab, durationMs)),
      },
    ]
  }),
  {
    name: 'stopped-30s',
    title:
      'a browser that is stopped for 30 s under load is left out, learns so, and is back within 5 s with the same state [FD4, RC1, ST1]',
    limitMs: 180_000,
    async play(stage) {
      const tabs = await stage.group(4)
      for (const rank of [0, 2]) await leaveAndReturn(stage, tabs, rank)
      return stage.verdict(tabs)
    },
  },
  {
    name: 'hidden-60s',
    title: 'a tab that is hidden for 60 s stays a member [FD1, VW7]',
    limitMs: 120_000,
    async play(stage) {
      const tabs = await stage.group(4)
      const hidden = [tabs[0]!, tabs[2]!]
      for (const tab of hidden) await tab.hide()
      await stage.pass(60_000)
      const reports = await Promise.all(hidden.map((tab) => tab.report()))
      const visible = reports.filter((report) => !report.hidden).map(() => 'a tab was not hidden at all')
      return [...visible, ...strangers(tabs, tabs), ...(await stage.verdict(tabs))]
    },
  },
]

/** `sleep` resolves to when it was over. */
async function sleepAndStay(stage: Stage, boundMs: number, sleep: (tab: Tab) => Promise<number>): Promise<string[]> {
  const tabs = await stage.group(4)
  // The eldest, which orders the ABCASTs, and then one that does not.
  for (const rank of [0, 2]) {
    const sleeper = tabs[rank]!
    const awake = await sleep(sleeper)
    const caughtUp = await stage.caughtUp(tabs, awake, boundMs + 10_000)
    stage.measure(`all is everywhere after rank ${rank} woke`, caughtUp - awake, boundMs)
    await stage.goesOn(tabs, 60, 10_000)
  }
  return [...strangers(tabs, tabs), ...(await stage.verdict(tabs))]
}

async function leaveAndReturn(stage: Stage, tabs: readonly Tab[], rank: number): Promise<void> {
  const sleeper = tabs.find((tab) => tab.rank === rank)!
  const others = tabs.filter((tab) => tab !== sleeper)
  const { member } = sleeper
  const asleep = Date.now()
  sleeper.browser.stop()
  stage.measure(`rank ${rank} out at all others`, (await stage.out(member, others, 29_000)) - asleep, 20_000)
  await stage.pass(asleep + 30_000 - Date.now())
  const awake = Date.now()
  sleeper.browser.resume()
  await stage.until('it learns that it was left out', 10_000, () =>
    sleeper.statuses.some(({ status, at }) => status === 'rejoining' && at >= awake),
  )
  stage.measure(`rank ${rank} back among all`, (await stage.together(tabs, 30_000)) - awake, 5_000)
  await stage.goesOn(tabs, 60, 10_000)
}

async function stop(stage: Stage, { browser }: Tab, durationMs: number): Promise<number> {
  browser.stop()
  await stage.pass(durationMs)
  const awake = Date.now()
  browser.resume()
  return awake
}

/** Tabs that saw any other view than that of all these members. */
export function strangers(tabs: readonly Tab[], members: readonly Tab[]): string[] {
  return tabs.flatMap(({ name, installs }) => {
    const whole = installs.findIndex((view) => view.members.length === members.length)
    const after = installs.slice(whole + 1)
    return after.map((view) => `${name} saw a change: ${view.number} [${view.members}]`)
  })
}
