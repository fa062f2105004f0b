import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { type BrowserContext, test as base, expect, type Locator, type Page } from 'playwright/test'
import { createSignalingServer, type SignalingServer } from '../../../signaling/index.ts'
import type { TuttiGroup } from '../../../ui/index.ts'
import { type Site, serveScript } from './site.ts'

const script = fileURLToPath(new URL('../pages/social-page.ts', import.meta.url))

/** Each test has a room of its own, on one page and one server for all. */
export const test = base.extend<{ room: Room }, { site: Site; server: SignalingServer }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveScript(script)
      await use(site)
    },
    { scope: 'worker' },
  ],
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      const server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0 })
      await use(server)
      await server.close()
    },
    { scope: 'worker' },
  ],
  room: async ({ context, site, server }, use) => {
    await use(new Room(context, site.address, `http://127.0.0.1:${server.port}`))
  },
})

let rooms = 0

export interface TabWishes {
  /** In the place of the server: `local:` or an address. */
  readonly signaling?: string
  /** Runs in the page before all else. */
  readonly before?: () => void
}

/** Tabs of one browser that join one group. */
export class Room {
  readonly name: string
  readonly #context: BrowserContext
  readonly #page: string
  readonly #signaling: string

  constructor(context: BrowserContext, page: string, signaling: string) {
    rooms += 1
    this.name = `room-${rooms}`
    this.#context = context
    this.#page = page
    this.#signaling = signaling
  }

  /** Resolves when the page is loaded; it joins by itself. */
  async open(name: string, { signaling = this.#signaling, before }: TabWishes = {}): Promise<Page> {
    const page = await this.#context.newPage()
    if (before !== undefined) await page.addInitScript(before)
    await page.goto(`${this.#page}?${new URLSearchParams({ signaling, room: this.name, name })}`)
    return page
  }

  /** Opens a tab for each name, one after the other; resolves when all are in one view. */
  async together<Names extends readonly string[]>(...names: Names): Promise<{ [Index in keyof Names]: Page }> {
    const pages: Page[] = []
    for (const name of names) {
      const page = await this.open(name)
      await expect.poll(() => size(page)).toBe(pages.push(page))
    }
    return pages as { [Index in keyof Names]: Page }
  }
}

/** How many are in the view of a page. */
export function size(page: Page): Promise<number | undefined> {
  return page.evaluate(() => document.querySelector<TuttiGroup>('tutti-group')?.group?.view.members.length)
}

export function statusLine(page: Page): Locator {
  return page.locator('tutti-status [part=text]')
}

/** Looks at a page wide and narrow, light and dark, and as one that is written from right to left. */
export async function expectFit(page: Page, outputPath: (name: string) => string): Promise<void> {
  await page.bringToFront()
  await page.evaluate(axe.source)
  for (const [width, height, dir] of [
    [1440, 900, 'ltr'],
    [390, 844, 'ltr'],
    [390, 844, 'rtl'],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.evaluate((way) => {
      document.documentElement.dir = way
    }, dir)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      const path = outputPath(`${width}-${dir}-${colorScheme}.png`)
      await page.screenshot({ path, fullPage: true, animations: 'disabled' })
    }
  }
}

export { expect }
