import { expect, expectWithin, test } from './support/group-test.ts'
import type { Tab } from './support/tab.ts'

// Groups of real tabs that have their links and engines in workers.

test('tabs with and without a worker are one group [DL3, OR3, VW3]', async ({ ensemble }) => {
  const tabs = [
    ...(await ensemble.group(2, { worker: true })),
    await ensemble.tab(),
    await ensemble.tab({ worker: true }),
  ]
  await ensemble.together(tabs, 15_000)
  await Promise.all(tabs.map((tab) => tab.joined()))
  await Promise.all(tabs.map((tab) => tab.burst(150)))
  const { reports, faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
  expect(reports.map(({ casts }) => casts).every((casts) => casts >= 150)).toBe(true)
})

test('a page that is busy for 15 s delays nobody and is not suspected [FD1, VW7]', async ({ ensemble }) => {
  const tabs = await ensemble.group(3, { worker: true })
  await Promise.all(tabs.map((tab) => tab.startLoad(20)))
  await ensemble.goesOn(tabs, 100, 10_000)
  const before = tabs.map(({ view }) => view)
  // The eldest: the ABCASTs of all wait for it.
  const [busy] = tabs.splice(
    tabs.findIndex(({ view }) => view!.members[0] === view!.peer),
    1,
  ) as [Tab]
  const hanging = busy.hang(15_000)
  await ensemble.goesOn(tabs, 1_000, 15_000)
  await hanging
  await ensemble.goesOn([busy], 1_000, 5_000)
  await Promise.all([busy, ...tabs].map((tab) => tab.stopLoad()))
  const { faults } = await ensemble.verdict([busy, ...tabs])
  expect(faults).toEqual([])
  expect([busy, ...tabs].map(({ view }) => view?.number)).toEqual(before.map((view) => view?.number))
  expect(ensemble.trace.filter(({ event }) => event === 'suspect')).toEqual([])
})

for (const way of ['close', 'navigateAway', 'reload'] as const) {
  test(`a page says so when it goes, through its worker: ${way} [FD3, PT1]`, async ({ ensemble }) => {
    const tabs = await ensemble.group(4, { worker: true })
    await Promise.all(tabs.map((tab) => tab.startLoad(20)))
    await ensemble.goesOn(tabs, 60, 10_000)
    const [goer] = tabs.splice(0, 1) as [Tab]
    const member = goer.member!
    const gone = Date.now()
    await goer[way]()
    expectWithin(`${way}: out at all others`, (await ensemble.out(member, tabs, 5_000)) - gone, 1_000)
    if (way === 'reload') await ensemble.together([...tabs, goer], 10_000)
    await Promise.all(tabs.map((tab) => tab.stopLoad()))
    const { faults } = await ensemble.verdict(way === 'reload' ? [...tabs, goer] : tabs)
    expect(faults).toEqual([])
  })
}

test('a tab with a worker that is killed is out, and a new one comes in with the state [FD3, ST1]', async ({
  ensemble,
}) => {
  const tabs = await ensemble.group(3, { worker: true })
  await Promise.all(tabs.map((tab) => tab.burst(30)))
  const [victim] = tabs.splice(0, 1) as [Tab]
  const member = victim.member!
  await victim.kill()
  const dead = Date.now()
  expectWithin('out at all others', (await ensemble.out(member, tabs, 30_000)) - dead, 20_000)
  const late = await ensemble.tab({ worker: true })
  await ensemble.together([...tabs, late], 10_000)
  const { faults } = await ensemble.verdict([...tabs, late])
  expect(faults).toEqual([])
})
