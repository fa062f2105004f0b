import { fileURLToPath } from 'node:url'
import { type Browser, expect, type Page, test } from 'playwright/test'
import { transportContract } from '../contract/transport-contract.ts'
import { webrtcContract } from '../contract/webrtc-contract.ts'
import { contextOptions } from './support/chromium.ts'
import { type Site, serveScript } from './support/site.ts'
import type {} from './transport-page.ts'

let site: Site
let pageErrors: Error[]

test.beforeAll(async () => {
  site = await serveScript(fileURLToPath(new URL('transport-page.ts', import.meta.url)))
})

test.beforeEach(() => {
  pageErrors = []
})

test.afterEach(() => {
  expect(pageErrors).toEqual([])
})

test.afterAll(() => site[Symbol.asyncDispose]())

test.describe('the WebRTC transport', () => {
  for (const { title } of [...transportContract, ...webrtcContract]) {
    test(title, async ({ page }) => {
      await load(page)
      await page.evaluate((name) => window.lab.run(name), title)
      expect(await page.evaluate(() => window.lab.bufferedBytesMax)).toBeLessThan(2 * 1024 * 1024)
      await expect.poll(() => page.evaluate(openConnections)).toBe(0)
    })
  }
})

test.describe('a page', () => {
  const ways: { title: string; leave(page: Page): Promise<unknown> }[] = [
    { title: 'that navigates away', leave: (page) => page.goto('about:blank') },
    { title: 'that reloads', leave: (page) => page.reload() },
    { title: 'that is closed', leave: (page) => page.close() },
  ]
  for (const { title, leave } of ways) {
    test(`${title} is heard to the last frame, and down within 1 s`, async ({ browser }) => {
      const [stays, goes] = await connectPages(browser)
      expect(await heard(stays)).toEqual(['up'])
      await leave(goes)
      await expect.poll(() => heard(stays), { timeout: 1_000 }).toEqual(['up', 300, 'down'])
    })
  }

  test('that crashes is down in the end', async ({ browser }) => {
    const [stays, dies] = await connectPages(browser)
    const session = await dies.context().newCDPSession(dies)
    const crashed = new Promise((resolve) => dies.once('crash', resolve))
    // Never answered: the page dies of it.
    session.send('Page.crash').catch(() => {})
    await crashed
    await expect.poll(() => heard(stays), { timeout: 30_000, intervals: [250] }).toEqual(['up', 'down'])
  })
})

/** Two pages in contexts of their own, linked with each other; the test is the introducer. */
async function connectPages(browser: Browser): Promise<[Page, Page]> {
  const pages = new Map<string, Page>()
  for (const id of ['a', 'b']) {
    const context = await browser.newContext(contextOptions())
    await context.exposeFunction('relay', async (from: string, to: string, data: unknown) => {
      const take = ([sender, signal]: string[]): void => window.lab.take(sender!, JSON.parse(signal!))
      const arrival = pages.get(to)?.evaluate(take, [from, JSON.stringify(data)])
      // An introducer can do nothing about a page that is gone.
      await arrival?.catch(() => {})
    })
    const page = await context.newPage()
    await load(page)
    await page.evaluate((self) => window.lab.start(self), id)
    pages.set(id, page)
  }
  const [a, b] = [pages.get('a')!, pages.get('b')!]
  await a.evaluate(() => window.lab.want('b'))
  await b.evaluate(() => window.lab.want('a'))
  for (const page of [a, b]) await expect.poll(() => heard(page)).toEqual(['up'])
  return [a, b]
}

async function load(page: Page): Promise<void> {
  page.on('pageerror', (error) => pageErrors.push(error))
  await page.goto(site.address)
  await page.waitForFunction(() => 'lab' in window)
}

function heard(page: Page): Promise<(string | number)[]> {
  return page.evaluate(() => window.lab.heard())
}

/** Runs in the page. */
function openConnections(): number {
  return window.lab.connections.filter(({ connectionState }) => connectionState !== 'closed').length
}
