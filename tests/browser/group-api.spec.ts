import { expect, test } from './support/group-test.ts'
import type { Tab } from './support/tab.ts'

// What an application may rely on in a page, beyond the order of its messages.

test('an abcast awaited inside `for await` goes through [DL6, RC1]', async ({ ensemble }) => {
  const tabs = await ensemble.group(2)
  const heard = await Promise.all(tabs.map(({ page }) => page.evaluate(countDown, 40)))
  const all = Array.from({ length: 41 }, (_, n) => 40 - n)
  expect(heard).toEqual([all, all])
  const { faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
})

test('a receipt that nobody awaits raises no unhandled rejection, and its failure is told [RC1]', async ({
  ensemble,
}) => {
  const tabs = await ensemble.group(3)
  const [one, ...others] = tabs as [Tab, ...Tab[]]
  // One of three that has lost the others is no quorum: what it multicasts waits, and fails when it goes.
  await Promise.all(others.map((tab) => tab.kill()))
  const isBlocked = (): boolean => ensemble.trace.some(({ event }) => event === 'blocked')
  await ensemble.until('the last one blocked', 10_000, isBlocked)
  const told = await one.page.evaluate(failUnheard)
  expect(told).toEqual(['aborted not-sent', 'aborted not-sent', 'left not-sent'])
  expect(one.uncaught).toEqual([])
  await one.page.evaluate(() => void Promise.reject(new Error('a rejection to be noticed')))
  await expect.poll(() => one.uncaught).toHaveLength(1)
  expect(one.uncaught[0]).toContain('a rejection to be noticed')
})

test('two groups share the links of a peer, and each has its own views and messages [DL1, VW1]', async ({
  ensemble,
}) => {
  const tabs = await ensemble.group(3)
  await Promise.all(tabs.slice(1).map(({ page }) => page.evaluate(countDown, 10)))
  const links = await Promise.all(tabs.map(({ page }) => page.evaluate(() => window.member.peer.links.length)))
  expect(links).toEqual([2, 2, 2])
  await Promise.all(tabs.map((tab) => tab.burst(30)))
  const { faults } = await ensemble.verdict(tabs)
  expect(faults).toEqual([])
  const members = ensemble.trace.flatMap((event) =>
    event.event === 'install' && event.group === 'counting' ? event.members.length : [],
  )
  expect(Math.max(...members)).toBe(2)
})

/** Runs in a page: multicasts that fail, whose receipts nobody looks at. Returns what the group tells of them. */
async function failUnheard(): Promise<string[]> {
  const { group, peer } = window.member
  const told: string[] = []
  group.addEventListener('error', ({ error }) => told.push(`${error.code} ${error.fate}`))
  const later = new AbortController()
  group.abcast({ label: 'never/1' }, { signal: AbortSignal.abort() })
  group.abcast({ label: 'never/2' }, { signal: later.signal })
  group.cbcast({ label: 'never/3' })
  later.abort()
  await peer.close()
  return told
}

/**
 * Runs in a page: joins another group and counts down there, by turns with the one other member; awaits each of its
 * own multicasts inside the loop. Returns what it heard once that is 0, and leaves.
 */
async function countDown(from: number): Promise<number[]> {
  const group = await window.member.peer.join<number>('counting')
  const heard: number[] = []
  for await (const event of group) {
    if (event.type === 'view' && event.view.members.length === 2 && group.self.rank === 0) await group.abcast(from)
    if (event.type !== 'message') continue
    heard.push(event.value)
    if (event.value === 0) break
    if (event.from.id !== group.self.id) await group.abcast(event.value - 1)
  }
  return heard
}
