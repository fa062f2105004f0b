import type { Row } from '../row.ts'
import { oneLineage } from './links.ts'

// Groups that come about, lose their server, and change all their members.

const rounds = 20

export const gatheringRows: readonly Row[] = [
  {
    name: 'server-killed',
    title:
      'a group whose server is killed goes on when two of five crash, and a new tab joins when the server is back [VW4, VW7, FD3]',
    limitMs: 150_000,
    async play(stage) {
      const tabs = await stage.group(5)
      await stage.server.kill()
      await stage.goesOn(tabs, 120, 10_000)
      const killed = Date.now()
      const victims = [tabs[0]!, tabs[3]!]
      const members = victims.map(({ member }) => member)
      for (const victim of victims) victim.killBrowser()
      const left = tabs.filter((tab) => !victims.includes(tab))
      const out = await Promise.all(members.map((member) => stage.out(member, left, 40_000)))
      stage.measure('both out at all others', Math.max(...out) - killed, 20_000)
      await stage.goesOn(left, 60, 10_000)
      await stage.server.restart()
      const back = Date.now()
      const all = [...left, await stage.tab()]
      stage.measure(
        'a new tab in the group after the server is back',
        (await stage.together(all, 30_000)) - back,
        15_000,
      )
      await stage.goesOn(all, 60, 10_000)
      return [...oneLineage(stage), ...(await stage.verdict(all))]
    },
  },
  {
    name: 'eight-at-once',
    title: `eight tabs that load at the same instant are one group, ${rounds} times [VW3, VW6, VW9]`,
    limitMs: 300_000,
    async play(stage) {
      const browser = await stage.browser()
      const tabs = await Promise.all(Array.from({ length: 8 }, () => stage.tab({ browser, room: 'round-0' })))
      const faults: string[] = []
      let longestMs = 0
      for (let round = 1; round <= rounds; round++) {
        const room = `round-${round}`
        await Promise.all(tabs.map((tab) => stage.move(tab, room)))
        const loaded = Date.now()
        longestMs = Math.max(longestMs, (await stage.together(tabs, 20_000)) - loaded)
        await Promise.all(tabs.map((tab) => tab.startLoad(50)))
        await stage.goesOn(tabs, 40, 10_000)
        faults.push(...oneLineage(stage, room))
      }
      stage.measure(`all in one view after the last load, at most in ${rounds} rounds`, longestMs, 5_000)
      return [...faults, ...(await stage.verdict(tabs))]
    },
  },
  {
    name: 'reload-each',
    title: 'the state outlives every tab that is loaded again, one after the other [ST1, FD3]',
    limitMs: 120_000,
    async play(stage) {
      const tabs = await stage.group(4)
      let longestMs = 0
      for (const tab of tabs) {
        const reloaded = Date.now()
        await tab.reload()
        longestMs = Math.max(longestMs, (await stage.together(tabs, 20_000)) - reloaded)
        await tab.startLoad(50)
        await stage.goesOn(tabs, 60, 10_000)
      }
      stage.measure('loaded again, and a member, at most', longestMs, 5_000)
      return [...oneLineage(stage), ...(await stage.verdict(tabs))]
    },
  },
]
