import { type BrowserContext, test as base, expect, type Locator, type Page } from 'playwright/test'
import type { TuttiGroup } from '../../../ui/index.ts'
import { sharedDemo } from './shared.ts'

/** Each test has the demo as `npm start` gives it, one server for all, and rooms of its own. */
export const test = base.extend<{ room: DemoRoom }, { demo: string }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await use(await sharedDemo())
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  room: async ({ context, demo }, use) => {
    await use(new DemoRoom(context, demo))
  },
})

let rooms = 0

/** Tabs of one browser in one room of the demo. */
export class DemoRoom {
  readonly name: string
  readonly address: string
  readonly #context: BrowserContext

  constructor(context: BrowserContext, address: string) {
    rooms += 1
    this.name = `room-${process.env.TEST_WORKER_INDEX}-${rooms}`
    this.address = address
    this.#context = context
  }

  /** Resolves when the page is loaded; it joins by itself. `rest`: more of its address; `name`: its visitor's, else one is drawn. */
  async open(rest = '', name?: string): Promise<Page> {
    const page = await this.#context.newPage()
    if (name !== undefined) await page.addInitScript(`sessionStorage.name ??= ${JSON.stringify(name)}`)
    await page.goto(`${this.address}?room=${this.name}${rest}`)
    return page
  }

  /** Opens so many tabs, all at once; resolves when each is loaded. */
  openAll(count: number): Promise<Page[]> {
    return Promise.all(Array.from({ length: count }, () => this.open()))
  }

  /**
   * Opens so many tabs, one after the other, so that they are in the order of their ranks, each visitor with a name of its own;
   * resolves when all are in one view.
   */
  async together(count: number): Promise<Page[]> {
    const pages: Page[] = []
    for (let i = 1; i <= count; i++) {
      const page = await this.open('', `Visitor ${i}`)
      await expect.poll(() => size(page)).toBe(i)
      pages.push(page)
    }
    return pages
  }
}

/** How many are in the view of a page. */
export function size(page: Page): Promise<number | undefined> {
  return page.evaluate(() => document.querySelector<TuttiGroup>('tutti-group')?.group?.view.members.length)
}

/** What the page calls its visitor. */
export async function nameIn(page: Page): Promise<string> {
  return (await page.locator('#my-name').textContent()) ?? ''
}

export function statusOf(page: Page): Locator {
  return page.locator('tutti-status [part=text]')
}

export async function say(page: Page, text: string): Promise<void> {
  const input = page.locator('tutti-chat [part=input]')
  await input.fill(text)
  await input.press('Enter')
}

/** A stroke across the board. `height`: where, from 0 at the top to 1. */
export async function draw(page: Page, height: number): Promise<void> {
  const { x, y, width, height: total } = (await page.locator('tutti-board canvas').boundingBox())!
  await page.mouse.move(x + width * 0.2, y + total * height)
  await page.mouse.down()
  for (let step = 1; step <= 20; step += 3) {
    await page.mouse.move(x + width * (0.2 + 0.03 * step), y + total * (height + 0.08 * Math.sin(step / 2)))
  }
  await page.mouse.up()
}

/** Opens what is under the hood, and one of its pictures. */
export async function openHood(page: Page, picture: 'Space-time' | 'Mesh' | 'Figures' | 'Views'): Promise<Locator> {
  const button = page.getByRole('button', { name: 'Under the hood' })
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.press('Enter')
  await page.getByRole('tab', { name: picture }).click()
  return page.getByRole('tabpanel', { name: picture })
}

export { expect }
