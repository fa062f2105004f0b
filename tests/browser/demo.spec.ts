import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, expect, type Page, test } from 'playwright/test'
import type { TuttiBoard, TuttiChat, TuttiGroup } from '../../ui/index.ts'

// The demo as `npm start` gives it, in tabs of a real browser.

let demo: ChildProcess
let address: string
let rooms = 0

test.beforeAll(async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const env = { ...process.env, PORT: '0' }
  demo = spawn(process.execPath, ['--import', 'tsx', 'demo/start.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  address = (await once(createInterface(demo.stdout!), 'line'))[0]
})

test.afterAll(async () => {
  demo.kill()
  await once(demo, 'exit')
})

test('four tabs see each other within 2 s of the load of the last, and a closed one is out within 1 s [FD3]', async ({
  context,
}) => {
  const pages = await open(context, newRoom(), 4)
  const loaded = Date.now()
  await Promise.all(pages.map((page) => expect.poll(() => size(page), { timeout: 5_000, intervals: [20] }).toBe(4)))
  expect(Date.now() - loaded).toBeLessThan(2_000)
  await expect(pages[0]!.locator('tutti-roster [part=member]')).toHaveCount(4)
  await expect(pages[0]!.locator('tutti-status')).toContainText('4 people here')

  const [leaving, ...staying] = pages.toReversed() as [Page, ...Page[]]
  await leaving.goto('about:blank')
  const gone = Date.now()
  await Promise.all(staying.map((page) => expect.poll(() => size(page), { timeout: 5_000, intervals: [20] }).toBe(3)))
  expect(Date.now() - gone).toBeLessThan(1_000)
  await expect(staying[0]!.locator('tutti-roster')).toContainText('left')
})

test('chat and board agree in all tabs, and a latecomer has them [OR2, OR3, ST1]', async ({ context }) => {
  const room = newRoom()
  const pages = await open(context, room, 3)
  await Promise.all(pages.map((page) => expect.poll(() => size(page)).toBe(3)))
  await Promise.all(pages.map((page, index) => say(page, `line ${index} <b>as typed</b>`)))
  await Promise.all(pages.map((page, index) => draw(page, 0.2 + 0.2 * index)))
  await Promise.all(pages.map((page) => expect.poll(() => counts(page)).toEqual({ lines: 3, strokes: 3, open: 0 })))
  await expectSame(pages)

  const [late] = (await open(context, room, 1)) as [Page]
  await expect.poll(() => counts(late)).toEqual({ lines: 3, strokes: 3, open: 0 })
  await expectSame([...pages, late])
  await expect(late.locator('tutti-chat [part=log]')).toContainText('line 0 <b>as typed</b>')

  await press(late, 'Clear')
  await Promise.all(pages.map((page) => expect.poll(() => counts(page)).toMatchObject({ strokes: 0 })))
  await press(late, 'Undo')
  await Promise.all(pages.map((page) => expect.poll(() => counts(page)).toMatchObject({ strokes: 3 })))
  await press(pages[1]!, 'Undo')
  await Promise.all(pages.map((page) => expect.poll(() => counts(page)).toMatchObject({ strokes: 2 })))
  await expectSame([...pages, late])

  const [first, second, third] = pages as [Page, Page, Page]
  await Promise.all([
    draw(first, 0.7),
    press(second, 'Clear'),
    draw(third, 0.8),
    press(late, 'Clear'),
    late.evaluate(sayNow),
  ])
  await Promise.all([press(first, 'Undo'), press(second, 'Undo'), draw(late, 0.9), first.evaluate(sayNow)])
  await expect.poll(async () => new Set(await Promise.all([...pages, late].map(digest))).size).toBe(1)
  await expect.poll(() => counts(late)).toMatchObject({ lines: 5, open: 0 })
})

test('a stroke is seen while it is drawn, and one that is cleared under the hand goes on', async ({ context }) => {
  const [drawing, watching] = (await open(context, newRoom(), 2)) as [Page, Page]
  await Promise.all([drawing, watching].map((page) => expect.poll(() => size(page)).toBe(2)))
  await drawing.bringToFront()
  const sheet = (await drawing.locator('tutti-board canvas').boundingBox())!
  await drawing.mouse.move(sheet.x + 20, sheet.y + 20)
  await drawing.mouse.down()
  await drawing.mouse.move(sheet.x + 200, sheet.y + 90, { steps: 20 })
  await expect.poll(() => counts(watching)).toEqual({ lines: 0, strokes: 1, open: 1 })
  await press(watching, 'Clear')
  await expect.poll(() => counts(drawing)).toMatchObject({ strokes: 0 })
  await drawing.mouse.move(sheet.x + 300, sheet.y + 200, { steps: 20 })
  await drawing.mouse.up()
  for (const page of [drawing, watching])
    await expect.poll(() => counts(page)).toEqual({ lines: 0, strokes: 1, open: 0 })
  await expectSame([drawing, watching])
})

test('a page without a room makes one, and a name is shown to the others and remembered', async ({ context }) => {
  const first = await context.newPage()
  await first.goto(address)
  await expect.poll(() => size(first)).toBe(1)
  const room = new URL(first.url()).searchParams.get('room')!
  expect(room).toMatch(/^[a-z]+-[a-z]+-\d{3}$/)
  const [second] = (await open(context, room, 1)) as [Page]
  await second.locator('#me').click()
  await second.getByLabel('Your name').fill('<i>Zoë</i>')
  await second.getByLabel('Your name').press('Enter')
  await expect(first.locator('tutti-roster')).toContainText('<i>Zoë</i>')
  await second.reload()
  await expect(second.locator('#my-name')).toHaveText('<i>Zoë</i>')
  await expect.poll(() => size(second)).toBe(2)
})

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`looks right at ${width} px, ${colorScheme}`, async ({ context }, info) => {
      const pages = await open(context, newRoom(), 3)
      const page = pages[0]!
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      await expect.poll(() => size(page)).toBe(3)
      await Promise.all(pages.map((each, index) => draw(each, 0.2 + 0.2 * index)))
      await Promise.all(
        pages.map((each, index) => say(each, ['Shall we begin?', 'All together!', 'One, two …'][index]!)),
      )
      await expect.poll(() => counts(page)).toEqual({ lines: 3, strokes: 3, open: 0 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      await page.bringToFront()
      await page.screenshot({
        path: info.outputPath(`${width}-${colorScheme}.png`),
        fullPage: true,
        animations: 'disabled',
      })
    })
  }
}

function newRoom(): string {
  rooms += 1
  return `room-${rooms}`
}

async function open(context: BrowserContext, room: string, count: number): Promise<Page[]> {
  const pages = await Promise.all(Array.from({ length: count }, () => context.newPage()))
  await Promise.all(pages.map((page) => page.goto(`${address}?room=${room}`)))
  return pages
}

async function say(page: Page, text: string): Promise<void> {
  const input = page.locator('tutti-chat input')
  await input.fill(text)
  await input.press('Enter')
}

function sayNow(): void {
  document.querySelector<TuttiChat>('tutti-chat')!.say('Now!')
}

async function draw(page: Page, height: number): Promise<void> {
  const { x, y, width, height: total } = (await page.locator('tutti-board canvas').boundingBox())!
  await page.mouse.move(x + width * 0.2, y + total * height)
  await page.mouse.down()
  for (let step = 1; step <= 20; step += 3) {
    await page.mouse.move(x + width * (0.2 + 0.03 * step), y + total * (height + 0.08 * Math.sin(step / 2)))
  }
  await page.mouse.up()
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name }).click()
}

function size(page: Page): Promise<number | undefined> {
  return page.evaluate(() => document.querySelector<TuttiGroup>('tutti-group')?.group?.view.members.length)
}

/** Lines of the chat, strokes on the board, and how many of these are not ended. */
async function counts(page: Page): Promise<{ lines: number; strokes: number; open: number }> {
  const { lines, strokes } = await shown(page)
  return { lines: lines.length, strokes: strokes.length, open: strokes.filter(({ ended }) => !ended).length }
}

function shown(page: Page) {
  return page.evaluate(() => ({
    lines: document.querySelector<TuttiChat>('tutti-chat')!.lines,
    strokes: document.querySelector<TuttiBoard>('tutti-board')!.strokes,
  }))
}

async function digest(page: Page): Promise<string> {
  return JSON.stringify(await shown(page))
}

async function expectSame(pages: readonly Page[]): Promise<void> {
  const [first, ...others] = await Promise.all(pages.map(shown))
  for (const other of others) expect(other).toEqual(first)
}
