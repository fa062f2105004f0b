import { fileURLToPath } from 'node:url'
import { type BrowserContext, test as base, expect, type Page } from 'playwright/test'
import { build } from 'vite'
import { createSignalingServer } from '../../signaling/index.ts'
import type {} from '../../ui/index.ts'
import { judge, settled } from '../checkers/index.ts'
import type {} from './pages/page-life-page.ts'
import { launchOptions } from './support/chromium.ts'
import { expectWithin } from './support/group-test.ts'
import { type Site, serveScript } from './support/site.ts'

// Real pages that go into the browser's back/forward cache and come out of it again.

const script = fileURLToPath(new URL('./pages/page-life-page.ts', import.meta.url))

/** `worker`: it has its links and engines there. */
type Open = (name: string, worker?: boolean) => Promise<Page>

/** `open`: opens the page in a tab of its own, and waits until it is a member. */
const test = base.extend<{ open: Open }, { site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveScript(script)
      await use(site)
    },
    { scope: 'worker' },
  ],
  open: async ({ context, site }, use) => {
    const server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0 })
    await use((name, worker = false) => {
      const asked = { name, signaling: server.url!, ...(worker && { worker: '' }) }
      return openPage(context, `${site.address}?${new URLSearchParams(asked)}`)
    })
    await context.close()
    await server.close()
  },
})

// The test runner turns the cache off.
test.use({ launchOptions: { ...launchOptions(), ignoreDefaultArgs: ['--disable-back-forward-cache'] } })

for (const inWorker of [false, true]) {
  const where = inWorker ? 'in workers' : 'in pages'
  test(`a page from the back/forward cache is a member again, of the same group, with its state (${where}) [FD3, FD4]`, async ({
    open,
  }) => {
    const [kept, other] = [await open('Ada', inWorker), await open('Bo', inWorker)]
    await say(kept, 'one')
    await listsAre([kept, other], ['one'])
    const before = await standing(kept)
    await hold(kept)
    await away(kept)
    await expect.poll(async () => (await standing(other)).members.length).toBe(1)
    await say(other, 'two')
    const backAtMs = await back(kept)
    await expect.poll(() => standing(kept)).toMatchObject({ status: 'member', lineage: before.lineage })
    expectWithin('a member again', Date.now() - backAtMs, 5_000)
    const after = await standing(kept)
    expect([after.peer, after.sameGroup]).toEqual([before.peer, true])
    expect(after.self).not.toBe(before.self)
    expect(after.members).toEqual([(await standing(other)).self, after.self])
    await say(kept, 'three')
    await say(other, 'four')
    await listsAre([kept, other], ['one', 'two', 'three', 'four'])
    expect(await kept.evaluate(() => window.life.iterated)).toEqual(['one', 'three', 'four'])
    await expectGoodTraces([kept, other])
  })
}

test('a page that comes and goes under load learns the fate of all it said, and has what the others have [RC1, DL3, FD4]', async ({
  open,
}) => {
  const pages = [await open('Ada'), await open('Bo'), await open('Cy')]
  await Promise.all(pages.map((page) => page.evaluate(() => window.life.start(20))))
  // The eldest, which orders, and then one that does not.
  for (const page of [pages[0]!, pages[1]!]) {
    const before = await standing(page)
    await expect.poll(async () => (await lists([page]))[0]!.length).toBeGreaterThan(before.heard + 100)
    await away(page)
    await expect.poll(async () => (await standing(pages[2]!)).members).not.toContain(before.self)
    const backAtMs = await back(page)
    await expect.poll(async () => (await standing(page)).status).toBe('member')
    expectWithin('a member again', Date.now() - backAtMs, 5_000)
  }
  await Promise.all(pages.map((page) => page.evaluate(() => window.life.stop())))
  const loads = (): Promise<(typeof window.life.load)[]> =>
    Promise.all(pages.map((page) => page.evaluate(() => window.life.load)))
  await expect.poll(async () => (await loads()).map(({ asked, settled }) => asked - settled)).toEqual([0, 0, 0])
  await expect.poll(async () => new Set((await lists(pages)).map((list) => list.toSorted().join())).size).toBe(1)
  const heard = new Set((await lists(pages))[0])
  const [ada, bo, cy] = (await loads()).map(({ failed }) => failed)
  expect(cy).toEqual([])
  for (const [label, fate] of [...ada!, ...bo!]) {
    expect(['not-sent', 'unknown']).toContain(fate)
    if (fate === 'not-sent') expect(heard).not.toContain(label)
  }
  await expectGoodTraces(pages, false)
})

test('a page that was alone in its group comes back with its state, again and again [FD4]', async ({ open }) => {
  const kept = await open('Ada')
  for (const word of ['one', 'two']) {
    await say(kept, word)
    await hold(kept)
    await away(kept)
    await back(kept)
    await expect.poll(() => standing(kept)).toMatchObject({ status: 'member', sameGroup: true })
  }
  const late = await open('Bo')
  await listsAre([kept, late], ['one', 'two'])
  await expectGoodTraces([kept, late])
})

test('pages that go together and come back together meet in one view [FD4]', async ({ open }) => {
  const pages = [await open('Ada'), await open('Bo'), await open('Cy')]
  await say(pages[0]!, 'one')
  await listsAre(pages, ['one'])
  await Promise.all(pages.map(hold))
  await Promise.all(pages.map(away))
  await Promise.all(pages.map(back))
  // Until it is a member again, each still shows the view that it left.
  const views = async (): Promise<unknown> => {
    const standings = await Promise.all(pages.map(standing))
    return new Set(standings.map(({ status, lineage, members }) => `${status} ${lineage} ${members.length}`))
  }
  await expect.poll(views).toEqual(new Set([expect.stringMatching(/^member .* 3$/)]))
  await Promise.all(pages.map((page, n) => say(page, `word ${n}`)))
  await expect.poll(async () => (await lists(pages)).map((list) => list.length)).toEqual([4, 4, 4])
  await expectGoodTraces(pages)
})

test('the demo comes back with its lines, and under the name that it took after joining [FD4]', async ({ context }) => {
  const folder = test.info().outputPath('demo')
  const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url))
  await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  const server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0, serve: folder })
  try {
    const [kept, other] = [await context.newPage(), await context.newPage()]
    for (const page of [kept, other]) await page.goto(`${server.url}/?room=room`)
    const size = (page: Page) => page.evaluate(() => document.querySelector('tutti-group')?.group?.view.members.length)
    await expect.poll(async () => [await size(kept), await size(other)]).toEqual([2, 2])
    await kept.evaluate(() => Object.assign(document.querySelector('tutti-group')!, { name: 'Countess' }))
    await expect(other.locator('tutti-roster')).toContainText('Countess')
    await write(kept, 'before')
    await expect(other.locator('tutti-chat [part=log]')).toContainText('before')
    await away(kept)
    await expect.poll(() => size(other)).toBe(1)
    await write(other, 'meanwhile')
    await kept.goBack({ waitUntil: 'commit' })
    await expect(kept.locator('tutti-chat [part=log]')).toContainText('meanwhile')
    await expect(other.locator('tutti-roster')).toContainText('Countess')
    await write(kept, 'after')
    await expect(other.locator('tutti-chat [part=log]')).toContainText('after')
    // What the form says was not asked again: it is the page of before.
    expect(await kept.evaluate(() => document.querySelector('tutti-group')!.name)).toBe('Countess')
  } finally {
    await context.close()
    await server.close()
  }
})

async function write(page: Page, line: string): Promise<void> {
  const input = page.locator('tutti-chat input')
  await input.fill(line)
  await input.press('Enter')
}

async function openPage(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address)
  await page.evaluate(() => window.life.joined)
  return page
}

/** Notes the group that the page holds now, to tell later whether it is still the same. */
function hold(page: Page): Promise<void> {
  return page.evaluate(() => void Object.assign(window, { held: window.life.group }))
}

async function away(page: Page): Promise<void> {
  await page.goto('about:blank')
}

/** Goes back to the page, which the browser must have kept. Returns when that was, in ms since 1970. */
async function back(page: Page): Promise<number> {
  await page.goBack({ waitUntil: 'commit' })
  const backAtMs = Date.now()
  const { wasKept, wasRestored, reasons } = await page.evaluate(() => {
    const { wasKept, wasRestored, notRestored } = window.life
    return { wasKept, wasRestored, reasons: notRestored() }
  })
  expect({ wasKept, wasRestored }, `the browser did not keep the page: ${reasons}`).toEqual({
    wasKept: true,
    wasRestored: true,
  })
  return backAtMs
}

function standing(page: Page) {
  return page.evaluate(() => {
    const { group, peer } = window.life
    const { lineage, members } = group!.view
    return {
      status: group!.status,
      sameGroup: 'held' in window && window.held === group,
      peer: peer.id as string,
      self: group!.self.id as string,
      lineage: lineage as string,
      members: members.map(({ id }) => id as string),
      heard: window.life.list.length,
    }
  })
}

/** Resolves when all members have it. */
function say(page: Page, word: string): Promise<void> {
  return page.evaluate(async (value) => void (await window.life.group!.abcast(value).stable), word)
}

function lists(pages: readonly Page[]): Promise<string[][]> {
  return Promise.all(pages.map((page) => page.evaluate(() => window.life.list)))
}

async function listsAre(pages: readonly Page[], list: readonly string[]): Promise<void> {
  await expect.poll(() => lists(pages)).toEqual(pages.map(() => list))
}

/** What all pages together traced keeps the rules, and nobody saw an error. */
async function expectGoodTraces(pages: readonly Page[], withoutErrors = true): Promise<void> {
  const lives = await Promise.all(
    pages.map((page) => page.evaluate(() => ({ trace: window.life.trace, errors: window.life.errors }))),
  )
  const trace = lives.flatMap((life) => life.trace)
  if (withoutErrors) expect(lives.flatMap(({ errors }) => errors)).toEqual([])
  expect(
    judge(trace, { settled: true }).flatMap(({ rule, evidence = [] }) => evidence.map((one) => [rule, one])),
  ).toEqual([])
  expect(settled(trace)).toEqual([])
}
