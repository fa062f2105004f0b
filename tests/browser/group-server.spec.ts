import { expect, expectWithin, test } from './support/group-test.ts'

// A group of real tabs whose signaling server dies and comes back.

test('the group outlives its server, and new tabs join it when the server is back [VW4, VW7]', async ({ ensemble }) => {
  const tabs = await ensemble.group(3)
  const { members } = tabs[0]!.view!
  await Promise.all(tabs.map((tab) => tab.startLoad(20)))
  await ensemble.stopServer()
  await ensemble.goesOn(tabs, 300, 10_000)
  await ensemble.startServer()
  const back = Date.now()
  tabs.push(await ensemble.tab(), await ensemble.tab())
  await ensemble.together(tabs, 15_000)
  expectWithin('two new tabs in the group after the server came back', Date.now() - back, 10_000)
  await ensemble.goesOn(tabs, 100, 10_000)
  await Promise.all(tabs.map((tab) => tab.stopLoad()))
  const { faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
  expect(ensemble.lineages, 'nobody founded a second group').toBe(1)
  expect(tabs[0]!.view!.members.slice(0, 3), 'nobody was left out').toEqual(members)
})

test('a tab opened while the server is away for 5 s joins the group, and founds none [VW4, VW7]', async ({
  ensemble,
}) => {
  const tabs = await ensemble.group(3)
  const { members } = tabs[0]!.view!
  await Promise.all(tabs.map((tab) => tab.startLoad(20)))
  await ensemble.stopServer()
  const died = Date.now()
  const early = await ensemble.tab()
  await expect.poll(() => early.signaling()).toBe('unreachable')
  await ensemble.until('5 s without a server', 10_000, () => Date.now() - died > 5_000)
  expect(early.view).toBeUndefined()
  await ensemble.startServer()
  const back = Date.now()
  tabs.push(early, await ensemble.tab())
  await ensemble.together(tabs, 20_000)
  expectWithin('both tabs in the group after the server came back', Date.now() - back, 15_000)
  await ensemble.goesOn(tabs, 100, 10_000)
  await Promise.all(tabs.map((tab) => tab.stopLoad()))
  const { faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
  expect(ensemble.lineages, 'nobody founded a second group').toBe(1)
  expect(tabs[0]!.view!.members.slice(0, 3), 'nobody was left out').toEqual(members)
})
