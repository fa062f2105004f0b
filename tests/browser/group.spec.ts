import { expect, expectWithin, test } from './support/group-test.ts'

// A group of real tabs in good times: load from all sides, tabs that come, tabs that are loaded again.

for (const where of ['in one context', 'in contexts of their own']) {
  test(`four tabs ${where} send at once: one order, causes first, nothing lost [OR1, OR2, OR3, OR4, DL3, DL5]`, async ({
    ensemble,
  }) => {
    const tabs = await ensemble.group(4, where === 'in one context' ? { context: await ensemble.context() } : {})
    const started = Date.now()
    await Promise.all(tabs.map((tab) => tab.burst(300)))
    const { reports, faults } = await ensemble.verdict(tabs)
    const count = reports.reduce((sum, { casts }) => sum + casts, 0)
    expectWithin(`${count} messages at four tabs`, Date.now() - started, 20_000)
    expect(faults).toEqual([])
    // Every tenth message is answered by the three others.
    expect(reports.map(({ casts }) => casts)).toEqual([390, 390, 390, 390])
  })
}

test('a tab that joins under load has the same state as the others [ST1, ST2, DL3]', async ({ ensemble }) => {
  const tabs = await ensemble.group(3)
  for (const tab of tabs) await tab.startLoad(10)
  await ensemble.goesOn(tabs, 300, 10_000)
  const opened = Date.now()
  const late = await ensemble.tab()
  await late.joined()
  expectWithin('loaded, joined and in possession of the state', Date.now() - opened, 5_000)
  tabs.push(late)
  await late.startLoad(10)
  await ensemble.goesOn(tabs, 300, 10_000)
  await Promise.all(tabs.map((tab) => tab.stopLoad()))
  const { reports, faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
  expect(ensemble.trace.filter(({ event }) => event === 'state-loaded').length).toBeGreaterThanOrEqual(3)
  expect(reports[3]!.totals.length).toBeGreaterThan(100)
})

test('eight tabs that load at once are one group [VW3, VW6, VW9]', async ({ ensemble }) => {
  const tabs = await Promise.all(Array.from({ length: 8 }, () => ensemble.tab()))
  const loaded = Date.now()
  await ensemble.together(tabs, 15_000)
  expectWithin('eight tabs in one view after the last load', Date.now() - loaded, 5_000)
  await Promise.all(tabs.map((tab) => tab.joined()))
  await Promise.all(tabs.map((tab) => tab.burst(30)))
  const { faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
  expect(ensemble.lineages).toBe(1)
})

test('the state outlives every tab that is loaded again, one after the other [ST1, FD3]', async ({ ensemble }) => {
  const tabs = await ensemble.group(3)
  await Promise.all(tabs.map((tab) => tab.burst(60)))
  const { reports: before } = await ensemble.verdict(tabs)
  for (const tab of tabs) await tab.startLoad(20)
  for (const tab of tabs) {
    await ensemble.goesOn(tabs, 30, 10_000)
    const reloaded = Date.now()
    await tab.reload()
    await tab.joined()
    await ensemble.together(tabs, 10_000)
    expectWithin(`${tab.name} loaded again, and a member`, Date.now() - reloaded, 5_000)
    await tab.startLoad(20)
  }
  await Promise.all(tabs.map((tab) => tab.stopLoad()))
  const { reports, faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
  expect(ensemble.lineages).toBe(1)
  for (const { peer, heard, totals } of before) {
    expect(reports[0]!.heard[peer], `what ${peer} said is known`).toBeGreaterThanOrEqual(heard[peer]!)
    expect(reports[0]!.totals.slice(0, totals.length)).toEqual(totals)
  }
})
