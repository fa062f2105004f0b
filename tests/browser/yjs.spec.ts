import { fileURLToPath } from 'node:url'
import { type BrowserContext, test as base, expect, type Page } from 'playwright/test'
import { createSignalingServer } from '../../signaling/index.ts'
import type {} from './pages/yjs-page.ts'
import { contextOptions } from './support/chromium.ts'
import { type Site, serveScript } from './support/site.ts'

// Documents shared by tutti/yjs, in real tabs. The long run, `npm run yjs`, has larger ones, and y-webrtc beside.

const script = fileURLToPath(new URL('pages/yjs-page.ts', import.meta.url))

type Open = (name: string, fillBytes?: number) => Promise<Page>

const test = base.extend<{ open: Open }, { site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveScript(script)
      await use(site)
    },
    { scope: 'worker' },
  ],
  open: async ({ browser, site }, use) => {
    const server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0 })
    const contexts: BrowserContext[] = []
    const faults: string[] = []
    await use(async (name, fillBytes = 0) => {
      const context = await browser.newContext(contextOptions())
      contexts.push(context)
      const page = await context.newPage()
      page.on('pageerror', (error) => faults.push(`${name}: ${error.stack}`))
      const signaling = `http://127.0.0.1:${server.port}`
      await page.goto(`${site.address}?${new URLSearchParams({ signaling, name, fill: `${fillBytes}` })}`)
      return page
    })
    await Promise.all(contexts.map((context) => context.close()))
    await server.close()
    expect(faults).toEqual([])
  },
})

type Report = ReturnType<Window['yjs']['report']>

const report = (page: Page): Promise<Report> => page.evaluate(() => window.yjs.report())

async function together(...pages: readonly Page[]): Promise<void> {
  const standing = (): Promise<unknown[]> =>
    Promise.all(pages.map((page) => page.evaluate(() => [window.yjs.provider.connected, window.yjs.others()])))
  await expect.poll(standing, { timeout: 20_000 }).toEqual(pages.map(() => [true, pages.length - 1]))
}

/** Resolves when all have the same, with nothing missing. */
async function converged(...pages: readonly Page[]): Promise<Report> {
  let reports: Report[] = []
  const differences = async (): Promise<number> => {
    reports = await Promise.all(pages.map(report))
    return reports.filter((one) => JSON.stringify(one) !== JSON.stringify(reports[0]) || one.waits).length
  }
  await expect.poll(differences, { timeout: 20_000 }).toBe(0)
  return reports[0]!
}

test('a latecomer gets a document of 300 KB, and what is written meanwhile', async ({ open }) => {
  const bytes = 300_000
  const first = await open('a', bytes)
  const second = await open('b')
  await together(first, second)
  await second.evaluate(() => window.yjs.edit(20, 0))
  const third = await open('c')
  await first.evaluate(() => window.yjs.edit(20, 0))
  await together(first, second, third)
  const { pageBytes, marks } = await converged(first, second, third)
  expect([pageBytes, marks.length]).toEqual([bytes, 40])
})

test('1,000 random edits of four tabs, two of which crash, are the same at the others', async ({ open }) => {
  const pages = [await open('a'), await open('b'), await open('c'), await open('d')]
  await together(...pages)
  const [a, b, c, d] = pages as [Page, Page, Page, Page]
  const editing = pages.map((page) => page.evaluate(() => window.yjs.edit(250, 20)).catch(() => {}))
  for (const page of [c, a]) {
    await expect.poll(() => page.evaluate(() => window.yjs.edits()), { intervals: [20] }).toBeGreaterThan(60)
    await crash(page)
  }
  await Promise.all(editing)
  await together(b, d)
  const { marks } = await converged(b, d)
  for (const name of ['b', 'd']) expect(marks.filter((mark) => mark.startsWith(name))).toHaveLength(250)
  expect(await b.evaluate(() => window.yjs.names())).toEqual(['b', 'd'])
})

test('what both sides of a cut wrote is merged when it is mended', async ({ open }) => {
  const pages = [await open('a'), await open('b'), await open('c')]
  await together(...pages)
  await pages[0]!.evaluate(() => window.yjs.edit(10, 0))
  await converged(...pages)
  await pages[2]!.evaluate(() => window.yjs.cut())
  await Promise.all(pages.map((page) => page.evaluate(() => window.yjs.edit(100, 20))))
  await pages[2]!.evaluate(() => window.yjs.mend())
  const { marks } = await converged(...pages)
  expect(marks).toHaveLength(310)
  await together(...pages)
})

/** Kills the renderer. Resolves when it is dead. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const dead = new Promise((resolve) => page.once('crash', resolve))
  // Never answered: the page dies of it.
  session.send('Page.crash').catch(() => {})
  await dead
}
