import { fileURLToPath } from 'node:url'
import { test as base, type Page } from 'playwright/test'
import { createSignalingServer } from '../../../signaling/index.ts'
import type { BoardTool, TuttiBoard, TuttiGroup } from '../../../ui/index.ts'
import { expect } from './expect-soon.ts'
import { serveScript } from './site.ts'

/** Opens a tab in the test's room; resolves when so many are in one view there. */
type Open = (name: string, count: number, wishes?: Record<string, string>) => Promise<Page>

/** Each test has a room of its own, on one page and one server for all. */
export const test = base.extend<{ open: Open }, { address: string }>({
  address: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveScript(fileURLToPath(new URL('../pages/board-page.ts', import.meta.url)))
      const server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0 })
      await use(`${site.address}?signaling=http://127.0.0.1:${server.port}`)
      await server.close()
    },
    { scope: 'worker' },
  ],
  open: async ({ context, address }, use) => {
    rooms += 1
    const room = `room-${rooms}`
    await use(async (name, count, wishes = {}) => {
      const tab = await context.newPage()
      await tab.goto(`${address}&${new URLSearchParams({ room, name, ...wishes })}`)
      await expect.poll(() => size(tab)).toBe(count)
      return tab
    })
  },
})

let rooms = 0

type Spot = (x: number, y: number) => [x: number, y: number]

/** `spot`: places on the sheet as parts of what is seen of it. */
export async function at(page: Page, act: (spot: Spot) => Promise<unknown>): Promise<void> {
  await page.bringToFront()
  const { x, y, width, height } = (await page.locator('tutti-board canvas').boundingBox())!
  await act((right, down) => [x + width * right, y + height * down])
}

export function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  return at(page, async (spot) => {
    await page.mouse.move(...spot(...from))
    await page.mouse.down()
    await page.mouse.move(...spot(...to), { steps: 4 })
    await page.mouse.up()
  })
}

/** Two fingers that go apart, the second a little later. */
export function pinch(page: Page): Promise<void> {
  return at(page, async (spot) => {
    const session = await page.context().newCDPSession(page)
    const touch = (
      type: 'touchStart' | 'touchMove' | 'touchEnd',
      ...places: readonly [number, number][]
    ): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) })
    await touch('touchStart', spot(0.45, 0.5))
    await touch('touchStart', spot(0.45, 0.5), spot(0.55, 0.5))
    for (const far of [0.1, 0.15, 0.2]) await touch('touchMove', spot(0.5 - far, 0.5), spot(0.5 + far, 0.5))
    await touch('touchEnd')
    await session.detach()
  })
}

export function choose(page: Page, tool: BoardTool): Promise<void> {
  return page.evaluate((name) => {
    document.querySelector<TuttiBoard>('tutti-board')!.tool = name
  }, tool)
}

export function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name }).click()
}

function size(page: Page): Promise<number | undefined> {
  return page.evaluate(() => document.querySelector<TuttiGroup>('tutti-group')?.group?.view.members.length)
}

export function things(page: Page) {
  return page.evaluate(() => document.querySelector<TuttiBoard>('tutti-board')!.things)
}

/** Whether anything is painted near a place, as a part of what is seen. */
export async function inkAt(page: Page, x: number, y: number): Promise<boolean> {
  await page.bringToFront()
  return page.evaluate(
    ([right, down]) => {
      const canvas = document.querySelector('tutti-board')!.shadowRoot!.querySelector('canvas')!
      const pen = canvas.getContext('2d')!
      const { data } = pen.getImageData(canvas.width * right! - 3, canvas.height * down! - 3, 7, 7)
      return data.some((value) => value > 0)
    },
    [x, y],
  )
}

/** All that is painted: red, green, blue and opacity of each pixel. */
export async function pixels(page: Page): Promise<Buffer> {
  await page.bringToFront()
  const text = await page.evaluate(() => {
    const canvas = document.querySelector('tutti-board')!.shadowRoot!.querySelector('canvas')!
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    return Array.from(data, (value) => String.fromCharCode(value)).join('')
  })
  return Buffer.from(text, 'latin1')
}

/** In how many places two pictures differ by more than what smooth edges differ by, which depends on how they were cut. */
export function differences(a: Buffer, b: Buffer): number {
  let count = Math.abs(a.length - b.length)
  for (let i = 0; i < a.length; i += 4) {
    const seen = (picture: Buffer, part: number): number => (picture[i + part]! * picture[i + 3]!) / 255
    if ([0, 1, 2].some((part) => Math.abs(seen(a, part) - seen(b, part)) > 48)) count++
  }
  return count
}

export async function expectSame(pages: readonly Page[], count: number): Promise<void> {
  const ended = (list: Awaited<ReturnType<typeof things>>): number => list.filter((thing) => thing.ended).length
  for (const page of pages) await expect.poll(async () => ended(await things(page))).toBe(count)
  await expect
    .poll(async () => new Set((await Promise.all(pages.map(things))).map((list) => JSON.stringify(list))).size)
    .toBe(1)
}

export { expect }
