import { expect, expectWithin, test } from './support/group-test.ts'
import type { Tab } from './support/tab.ts'

// A group of real tabs that go, are killed, or hang, while all of them send. More of it is in tests/chaos.

test('a tab that navigates away is out at all others within 1 s [FD3, DL3]', async ({ ensemble }) => {
  const tabs = await ensemble.group(4)
  await Promise.all(tabs.map((tab) => tab.startLoad(20)))
  // The eldest, which orders the ABCASTs, and then one that does not.
  for (const rank of [0, 2]) {
    await ensemble.goesOn(tabs, 60, 10_000)
    const [goer] = tabs.splice(rankOrder(tabs).indexOf(rank), 1) as [Tab]
    const member = goer.member!
    const gone = Date.now()
    await goer.navigateAway()
    expectWithin(`rank ${rank} out at all others`, (await ensemble.out(member, tabs, 5_000)) - gone, 1_000)
  }
  await ensemble.goesOn(tabs, 60, 10_000)
  await Promise.all(tabs.map((tab) => tab.stopLoad()))
  const { faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
})

test('without the server a killed tab is out within 20 s, and the others go on [FD3, DL3]', async ({ ensemble }) => {
  const tabs = await ensemble.group(3)
  await ensemble.stopServer()
  await Promise.all(tabs.map((tab) => tab.startLoad(50)))
  await ensemble.goesOn(tabs, 60, 10_000)
  const [victim] = tabs.splice(rankOrder(tabs).indexOf(0), 1) as [Tab]
  const member = victim.member!
  await victim.kill()
  const dead = Date.now()
  expectWithin('rank 0 out at all others', (await ensemble.out(member, tabs, 30_000)) - dead, 20_000)
  await ensemble.goesOn(tabs, 60, 10_000)
  await Promise.all(tabs.map((tab) => tab.stopLoad()))
  const { faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
})

test('a page that hangs for 10 s is still a member and has missed nothing [FD1, FD2, VW7]', async ({ ensemble }) => {
  // Two groups side by side: the one hangs at its head, the other at its tail.
  const groups = await Promise.all(['head', 'tail'].map((room) => ensemble.group(3, { room })))
  await Promise.all(groups.flat().map((tab) => tab.startLoad(100)))
  await ensemble.goesOn(groups.flat(), 30, 10_000)
  // A view for the witness's token alone, which may come late to a group that begins, has the same members.
  const members = () => groups.flat().map(({ view }) => [view?.lineage, view?.members])
  const before = members()
  const hanging = groups.map((tabs, index) => tabs[rankOrder(tabs).indexOf(index === 0 ? 0 : 2)]!)
  const others = groups[1]!.filter((tab) => !hanging.includes(tab))
  // Whoever waits for the sequencer waits; the others go on.
  await Promise.all([...hanging.map((tab) => tab.hang(10_000)), ensemble.goesOn(others, 60, 10_000)])
  await ensemble.goesOn(groups.flat(), 60, 15_000)
  await Promise.all(groups.flat().map((tab) => tab.stopLoad()))
  for (const tabs of groups) {
    const { faults } = await ensemble.verdict(tabs)
    expect(faults).toEqual([])
  }
  expect(members()).toEqual(before)
})

/** The rank of each of these tabs in its view. */
function rankOrder(tabs: readonly Tab[]): number[] {
  return tabs.map(({ view }) => view!.members.indexOf(view!.peer))
}
