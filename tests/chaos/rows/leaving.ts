import type { Row } from '../row.ts'
import type { Stage } from '../support/stage.ts'
import type { Tab } from '../support/tab.ts'

// Tabs that go for good, with a word or without.

export const leavingRows: readonly Row[] = [
  {
    name: 'page-closed',
    title: 'a page that is closed is out within 1 s, and the others go on [FD3, DL3]',
    limitMs: 60_000,
    play: (stage) => oneAfterTheOther(stage, 1_000, (tab) => tab.close()),
  },
  {
    name: 'renderer-killed',
    title: 'a page whose renderer is killed is out within 6 s, and the others go on [FD3, OR5, DL3]',
    limitMs: 60_000,
    play: (stage) => oneAfterTheOther(stage, 6_000, (tab) => tab.killRenderer()),
  },
  {
    name: 'browser-killed',
    title: 'a browser that is killed is out within 6 s, and the others go on [FD3, OR5, DL3]',
    limitMs: 60_000,
    play: (stage) => oneAfterTheOther(stage, 6_000, (tab) => tab.killBrowser()),
  },
  {
    name: 'renderer-killed-without-server',
    title: 'without the server a killed page is out within 20 s, and the others go on [FD3, DL3]',
    limitMs: 90_000,
    async play(stage) {
      const tabs = await stage.group(4)
      await stage.server.kill()
      await stage.goesOn(tabs, 120, 10_000)
      await goes(stage, tabs, 0, 20_000, (tab) => tab.killRenderer())
      return stage.verdict(tabs)
    },
  },
  {
    name: 'one-of-two-killed',
    title: 'when either of two tabs is killed, the other is a primary view of one within 8 s [PT1, PT5, FD3]',
    limitMs: 90_000,
    async play(stage) {
      const tabs = await stage.group(2)
      const faults: string[] = []
      for (const rank of [0, 1]) {
        await goes(stage, tabs, rank, 8_000, (tab) => tab.killBrowser())
        const { members, primary } = tabs[0]!.view!
        if (members.length !== 1 || !primary) faults.push(`the other is in ${JSON.stringify(tabs[0]!.view)}`)
        tabs.push(await stage.tab())
        await stage.together(tabs, 20_000)
        await tabs[1]!.startLoad(50)
      }
      return [...faults, ...(await stage.verdict(tabs))]
    },
  },
]

/** The eldest, which orders the ABCASTs, and then one that does not. */
async function oneAfterTheOther(stage: Stage, boundMs: number, go: Going): Promise<string[]> {
  const tabs = await stage.group(4)
  for (const rank of [0, 2]) await goes(stage, tabs, rank, boundMs, go)
  return stage.verdict(tabs)
}

type Going = (tab: Tab) => Promise<void> | void

async function goes(stage: Stage, tabs: Tab[], rank: number, boundMs: number, go: Going): Promise<void> {
  const [goer] = tabs.splice(rank, 1) as [Tab]
  const { member } = goer
  const gone = Date.now()
  await go(goer)
  stage.measure(`rank ${rank} out at all others`, (await stage.out(member, tabs, boundMs + 10_000)) - gone, boundMs)
  await stage.goesOn(tabs, 60, 10_000)
}
