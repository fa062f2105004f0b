import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright/test'
import type { TuttiBoard, TuttiChat, TuttiGroup } from '../../ui/index.ts'
import { draw, expect, nameIn, openHood, say, size, statusOf, test } from './support/demo-test.ts'
import { hostileText } from './support/hostile-text.ts'

// The demo as `npm start` gives it, in tabs of a real browser.

test('four tabs see each other within 2 s of the load of the last, and a closed one is out within 1 s [FD3]', async ({
  room,
}) => {
  const pages = await room.openAll(4)
  const loaded = Date.now()
  await Promise.all(pages.map((page) => expect.poll(() => size(page), { timeout: 5_000, intervals: [20] }).toBe(4)))
  expect(Date.now() - loaded).toBeLessThan(2_000)
  await expect(pages[0]!.locator('tutti-roster [part=member]')).toHaveCount(4)
  await expect(statusOf(pages[0]!)).toContainText('4 people here')

  const [leaving, ...staying] = pages.toReversed() as [Page, ...Page[]]
  await leaving.goto('about:blank')
  const gone = Date.now()
  await Promise.all(staying.map((page) => expect.poll(() => size(page), { timeout: 5_000, intervals: [20] }).toBe(3)))
  expect(Date.now() - gone).toBeLessThan(1_000)
  await expect(staying[0]!.locator('tutti-roster')).toContainText('left')
})

test('chat and board agree in all tabs, and a latecomer has them [OR2, OR3, ST1]', async ({ room }) => {
  const pages = await room.openAll(3)
  await Promise.all(pages.map((page) => expect.poll(() => size(page)).toBe(3)))
  await Promise.all(pages.map((page, index) => say(page, `line ${index} <b>as typed</b>`)))
  await Promise.all(pages.map((page, index) => draw(page, 0.2 + 0.2 * index)))
  await Promise.all(pages.map((page) => expect.poll(() => counts(page)).toEqual({ lines: 3, strokes: 3, open: 0 })))
  await expectSame(pages)

  const late = await room.open()
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
    late.evaluate(sayNow, 'Now!'),
  ])
  await Promise.all([press(first, 'Undo'), press(second, 'Undo'), draw(late, 0.9), first.evaluate(sayNow, 'Now!')])
  await expect.poll(async () => new Set(await Promise.all([...pages, late].map(digest))).size).toBe(1)
  await expect.poll(() => counts(late)).toMatchObject({ lines: 5, open: 0 })
})

test('a stroke is seen while it is drawn, and one that is cleared under the hand goes on', async ({ room }) => {
  const [drawing, watching] = (await room.together(2)) as [Page, Page]
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

test('a page without a room makes one, and a name is shown to the others and remembered', async ({ context, demo }) => {
  const first = await context.newPage()
  await first.goto(demo)
  await expect.poll(() => size(first)).toBe(1)
  const address = new URL(first.url())
  expect(address.searchParams.get('room')).toMatch(/^[a-z]+-[a-z]+-\d{3}$/)
  const second = await context.newPage()
  await second.goto(address.href)
  await second.locator('#me').click()
  await second.getByLabel('Your name').fill('<i>Zoë</i>')
  await second.getByLabel('Your name').press('Enter')
  await expect(first.locator('tutti-roster')).toContainText('<i>Zoë</i>')
  await second.reload()
  await expect(second.locator('#my-name')).toHaveText('<i>Zoë</i>')
  await expect.poll(() => size(second)).toBe(2)
})

test('each visitor has a colour of its own, also where all wanted the same', async ({ context, room }) => {
  await context.addInitScript(() => sessionStorage.setItem('color', '3'))
  const pages = await room.openAll(4)
  await Promise.all(pages.map((page) => expect.poll(() => size(page)).toBe(4)))
  await expect.poll(async () => (await colorsIn(pages[0]!)).size).toBe(4)
  const [page] = pages as [Page]
  await page.locator('#me').click()
  const choices = page.locator('#profile')
  const taken = choices.getByRole('radio', { name: /taken/ })
  await expect(taken).toHaveCount(3)
  for (const choice of await taken.all()) await expect(choice).toBeDisabled()
  await choices.getByRole('radio', { name: /^\w+$/, checked: false }).first().check()
  await expect.poll(async () => (await colorsIn(pages[3]!)).size).toBe(4)
})

test('a room with any name is one room, and its name is text', async ({ context, demo }) => {
  const address = `${demo}?room=${encodeURIComponent(hostileText)}`
  const pages = [await context.newPage(), await context.newPage()]
  for (const page of pages) await page.goto(address)
  await Promise.all(pages.map((page) => expect.poll(() => size(page)).toBe(2)))
  const shown = (await pages[0]!.locator('#room').textContent())!
  expect(shown).toMatch(/^<img src=x .*…$/)
  expect(Array.from(shown)).toHaveLength(64)
  await expect(pages[0]!).toHaveTitle(`${shown} · Tutti`)
})

test('a surface that somebody uses is kept by all, and says so in the bar', async ({ room }) => {
  const [ada, bo] = (await room.together(2)) as [Page, Page]
  await ada.getByRole('link', { name: 'Tasks' }).press('Enter')
  await expect(ada.getByRole('link', { name: 'Tasks' })).toHaveAttribute('aria-current', 'page')
  await addCard(ada, 'Bring the scores')
  const hers = await nameIn(ada)
  await expect(bo.getByRole('link', { name: `Tasks new from ${hers}` })).toBeVisible()
  await bo.getByRole('link', { name: 'Tasks' }).click()
  await expect(bo.locator('tutti-tasks')).toContainText('Bring the scores')
  await expect(bo.getByRole('link', { name: 'Tasks', exact: true })).toBeVisible()

  // One who never opens them keeps them for those who come later.
  const cy = await room.open()
  await expect.poll(() => size(cy)).toBe(3)
  await expect(cy.locator('tutti-tasks')).toBeAttached()
  await Promise.all([ada.close(), bo.close()])
  await expect.poll(() => size(cy)).toBe(1)
  const late = await room.open('#tasks')
  await expect(late.locator('tutti-tasks')).toContainText('Bring the scores')
})

test('on a phone there is one surface at a time, chosen at the bottom', async ({ room }) => {
  const [ada, bo] = (await room.together(2)) as [Page, Page]
  await bo.setViewportSize({ width: 390, height: 844 })
  await expect(bo.locator('tutti-board')).toBeVisible()
  await expect(bo.locator('tutti-chat')).toBeHidden()
  await say(ada, 'Are you there?')
  await bo.getByRole('link', { name: /^Chat new from/ }).click()
  await expect(bo.locator('tutti-chat [part=log]')).toContainText('Are you there?')
  await expect(bo.locator('tutti-board')).toBeHidden()
  await bo.getByRole('link', { name: 'Hood' }).click()
  await expect(bo.getByRole('heading', { name: 'Do harm' })).toBeVisible()
  await expect(bo.locator('tutti-chat')).toBeHidden()
  expect(await bo.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await bo.setViewportSize({ width: 1280, height: 720 })
  await expect(bo.locator('tutti-board')).toBeVisible()
  await expect(bo.locator('tutti-chat')).toBeVisible()
})

test('an invitation has the link, and a code for a phone', async ({ context, room }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await room.open('#chat')
  await page.getByRole('button', { name: 'Invite' }).press('Enter')
  const link = `${room.address}?room=${room.name}`
  await expect(page.getByLabel('Invite link', { exact: true })).toHaveValue(link)
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  await page.getByRole('button', { name: 'Copy' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link)
  await page.keyboard.press('Escape')
  await expect(page.getByLabel('Invite link', { exact: true })).toBeHidden()
})

test('tabs of one browser meet without a server, and the page says that only they do', async ({ room }) => {
  const local = `&signaling=${encodeURIComponent('local:')}`
  const ada = await room.open(local)
  await expect.poll(() => size(ada)).toBe(1)
  await expect(ada.locator('#word')).toContainText('no server')
  const bo = await room.open(local)
  await expect.poll(() => size(ada)).toBe(2)
  await say(bo, 'Nobody else?')
  await expect(ada.locator('tutti-chat [part=log]')).toContainText('Nobody else?')
  await ada.getByRole('button', { name: 'Invite' }).click()
  await expect(ada.locator('#invitation')).toContainText('other tabs of this browser')
})

test('a page that no signaling server serves meets the tabs of its browser', async ({ context, room }) => {
  // As static files: what `npm start` adds to the page is taken out again.
  await context.route(/\/\?room=/, async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replace(/<meta name="tutti-signaling"[^>]*>/, '')
    await route.fulfill({ response, body })
  })
  const pages = [await room.open(), await room.open()]
  await Promise.all(pages.map((page) => expect.poll(() => size(page)).toBe(2)))
  await expect(pages[0]!.locator('#word')).toContainText('no server')
})

test('a browser without WebRTC is told so', async ({ context, room }) => {
  await context.addInitScript('delete window.RTCPeerConnection')
  const page = await room.open()
  await expect(page.locator('#word')).toContainText('This browser has no WebRTC')
  expect(await size(page)).toBeUndefined()
})

const rounds = 4

test('all of it is 350 KB of script, and the room can be used within a second', async ({ context, demo }, info) => {
  const page = await context.newPage()
  const scripts = new Map<string, Promise<Buffer>>()
  page.on('response', (response) => {
    const url = response.url()
    if (response.status() === 200 && /\.js(?:\?|$)/.test(url)) scripts.set(url, response.body())
  })
  const tookMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.goto('about:blank')
    await page.goto(`${demo}?room=budget-${round}`)
    tookMs.push(await inGroupMs(page))
  }
  for (const name of ['Board', 'Text', 'Tasks', 'Files']) await page.getByRole('link', { name }).click()
  for (const picture of ['Space-time', 'Mesh', 'Figures', 'Views'] as const) await openHood(page, picture)
  await page.getByRole('button', { name: 'Invite' }).click()
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  for (const tag of ['editor', 'tasks', 'files']) await expect(page.locator(`tutti-${tag}`)).toBeAttached()
  const sizes = (await Promise.all(scripts.values())).map((body) => gzipSync(body, { level: 9 }).length)
  const kilobytes = sizes.reduce((sum, bytes) => sum + bytes, 0) / 1_000
  const description = `in the group ${tookMs.map(Math.round).join(', ')} ms after the first byte was asked for; ${Math.round(kilobytes)} KB of script`
  info.annotations.push({ type: 'budget', description })
  console.log(`    ${description}`)
  expect(kilobytes).toBeGreaterThan(100)
  expect(kilobytes).toBeLessThanOrEqual(350)
  // The machine may be busy with something else, but not each time.
  expect(Math.min(...tookMs)).toBeLessThanOrEqual(1_000)
})

/** When the page was a member, which is later than when it could be used, in ms after it began to load. */
function inGroupMs(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const group = document.querySelector<TuttiGroup>('tutti-group')!
    while (group.group == null) await new Promise((resolve) => requestAnimationFrame(resolve))
    return performance.now()
  })
}

async function addCard(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a card' }).first().click()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

/** The colours of all members, as one page has them. */
async function colorsIn(page: Page): Promise<Set<number>> {
  const all = await page.evaluate(() => {
    const { host, group } = document.querySelector<TuttiGroup>('tutti-group')!
    return group!.view.members.map((member) => host.profileOf(member).color)
  })
  return new Set(all)
}

function sayNow(text: string): void {
  document.querySelector<TuttiChat>('tutti-chat')!.say(text)
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name }).click()
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
