import type { Page } from 'playwright/test'
import type { Place } from '../../ui/index.ts'
import { hostileText } from './support/hostile-text.ts'
import { expect, size, test } from './support/social-test.ts'

// Pointers over content, in tabs of a real browser.

test('a pointer is seen by the others where it is, whatever the size, and goes when it leaves', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await bo.setViewportSize({ width: 390, height: 844 })
  await point(ada, 0.5, 0.25)
  await expect.poll(() => cursors(bo)).toEqual([{ name: 'Ada', x: 500, y: 250 }])
  await expect(bo.locator('tutti-cursors [part=name]')).toHaveText('Ada')
  await expect.poll(() => drawn(bo)).toEqual([{ x: 500, y: 250 }])
  expect(await cursors(ada), 'nothing for oneself').toEqual([])

  await point(bo, 0.1, 0.9)
  await expect.poll(() => cursors(ada)).toEqual([{ name: 'Bo', x: 100, y: 900 }])

  await ada.mouse.move(5, 5)
  await expect.poll(() => cursors(bo)).toEqual([])
  await expect(bo.locator('tutti-cursors [part=cursor]')).toHaveCount(0)
})

test('a pointer goes with its member [FD3]', async ({ room }) => {
  const [ada, bo, cy] = await room.together('Ada', 'Bo', 'Cy')
  await point(bo, 0.5, 0.5)
  await point(cy, 0.6, 0.5)
  await expect.poll(async () => (await cursors(ada)).length).toBe(2)
  await cy.close()
  await expect.poll(() => size(ada)).toBe(2)
  await expect.poll(async () => (await cursors(ada)).map(({ name }) => name)).toEqual(['Bo'])
})

test('a pointer from which nothing comes is not shown any more', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await bo.locator('tutti-cursors').evaluate((element) => element.setAttribute('idle-seconds', '0.5'))
  await point(ada, 0.5, 0.5)
  await expect.poll(async () => (await cursors(bo)).length).toBe(1)
  await expect.poll(async () => (await cursors(bo)).length).toBe(0)
})

test('the layer takes no pointer event and says nothing to a screen reader', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await bo.getByRole('button', { name: 'Press' }).hover()
  await expect.poll(async () => (await cursors(ada)).length).toBe(1)
  await ada.evaluate(() => {
    document.querySelector('#content button')!.addEventListener('click', () => {
      document.title = 'pressed'
    })
  })
  await ada.getByRole('button', { name: 'Press' }).click()
  await expect(ada).toHaveTitle('pressed')
  await expect(ada.locator('tutti-cursors [part=layer]')).toHaveAttribute('aria-hidden', 'true')
})

test('one who keeps quiet sees the others and is not seen', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await point(bo, 0.5, 0.5)
  await expect.poll(async () => (await cursors(ada)).length).toBe(1)
  await bo.locator('tutti-cursors').evaluate((element) => element.toggleAttribute('quiet'))
  await expect.poll(() => cursors(ada)).toEqual([])
  const heard = await places(ada)
  await point(bo, 0.7, 0.5)
  await point(ada, 0.2, 0.2)
  await expect.poll(async () => (await cursors(bo)).length).toBe(1)
  await bo.locator('tutti-cursors').evaluate((element) => element.toggleAttribute('quiet'))
  await expect.poll(() => cursors(ada)).toEqual([{ name: 'Bo', x: 700, y: 500 }])
  expect(await heard(), 'nothing while it was quiet').toHaveLength(1)
})

test('a finger is seen while it is down', async ({ room, browser }) => {
  const [ada] = await room.together('Ada')
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 390, height: 844 } })
  const phone = await context.newPage()
  await phone.goto(ada.url().replace('Ada', 'Phone'))
  await expect.poll(() => size(ada)).toBe(2)
  const session = await context.newCDPSession(phone)
  // Else the browser takes two fingers for a zoom, and their pointers from the page.
  await phone.locator('tutti-cursors').evaluate((element) => element.style.setProperty('touch-action', 'none'))
  const { x, y, width, height } = (await phone.locator('tutti-cursors').boundingBox())!
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: object[]): Promise<unknown> =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points as [] })
  await touch('touchStart', [{ x: x + width / 2, y: y + height / 2, id: 0 }])
  await expect.poll(() => cursors(ada)).toEqual([{ name: 'Phone', x: 500, y: 500 }])
  const heard = await places(ada)
  const second = { x: x + width * 0.9, y: y + height / 2, id: 1 }
  await touch('touchStart', [{ x: x + width / 2, y: y + height / 2, id: 0 }, second])
  await touch('touchMove', [{ x: x + width * 0.6, y: y + height / 2, id: 0 }, second])
  await expect.poll(() => cursors(ada)).toEqual([{ name: 'Phone', x: 600, y: 500 }])
  expect(
    (await heard()).filter((at) => at === null || at.x > 650),
    'nothing of a second one',
  ).toEqual([])
  await touch('touchEnd', [])
  await expect.poll(() => cursors(ada)).toEqual([])
  await context.close()
})

test('moves smoothly, and at once where motion is not wanted', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await bo.bringToFront()
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    await bo.emulateMedia({ reducedMotion })
    await point(ada, 0.1, 0.5)
    await expect.poll(() => drawn(bo)).toEqual([{ x: 100, y: 500 }])
    await watch(bo)
    for (const step of [3, 5, 7, 9]) {
      await point(ada, step / 10, 0.5)
      await expect.poll(() => drawn(bo), { intervals: [50] }).toEqual([{ x: 100 * step, y: 500 }])
    }
    const between = (await watched(bo)).filter((x) => Math.abs(x - 100 * Math.round(x / 100)) > 4)
    if (reducedMotion === 'reduce') expect(between).toEqual([])
    else expect(between.length).toBeGreaterThan(0)
  }
})

test('a pointer over a board is at one place of the sheet for all, whatever they see of it', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await bo.setViewportSize({ width: 390, height: 844 })
  for (const page of [ada, bo]) await layBoard(page)
  const [adas, bos] = [await pointAtBoard(ada, 0.3, 0.3), await pointAtBoard(bo, 0.6, 0.4)]
  await expect.poll(() => apart(ada, bo, bos)).toBeLessThan(3)
  await expect.poll(() => apart(bo, ada, adas)).toBeLessThan(3)

  const before = await sheetOf(ada)
  await ada.keyboard.down('Control')
  await ada.mouse.wheel(0, -100)
  await ada.keyboard.up('Control')
  await expect.poll(async () => (await sheetOf(ada)).width).toBeGreaterThan(1.2 * before.width)
  await expect.poll(() => apart(ada, bo, bos), 'it stays on the sheet that is zoomed below it').toBeLessThan(3)

  const { top } = await sheetOf(ada)
  await ada.locator('tutti-board canvas').focus()
  await ada.mouse.wheel(0, 90)
  await expect.poll(async () => (await sheetOf(ada)).top).toBeLessThan(top - 60)
  await expect.poll(() => apart(bo, ada, adas), 'one that rests is told anew when the sheet moves').toBeLessThan(3)

  await ada.evaluate(() => {
    const board = document.querySelector('tutti-board')!
    board.add('line', [
      [2000, 2000],
      [2100, 2100],
    ])
  })
  await expect.poll(() => ada.evaluate(() => document.querySelector('tutti-board')!.things.length)).toBe(1)
  await ada.evaluate(() => document.querySelector('tutti-board')!.fit())
  await expect(ada.locator('tutti-cursors [part=name]'), 'out of sight').toBeHidden()
  await bo.getByTitle('Eraser').hover()
  await expect(ada.locator('tutti-cursors [part=name]'), 'beside the sheet').toBeVisible()
})

test('a name with markup is text, cut, and breaks nothing', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', hostileText)
  await point(bo, 0.99, 0.99)
  const name = ada.locator('tutti-cursors [part=name]')
  await expect(name).toContainText('<img src=x')
  expect((await name.textContent())!.length).toBeLessThanOrEqual(32)
  await expect(ada).not.toHaveTitle('broken')
  const [layer, tag] = await Promise.all([ada.locator('tutti-cursors [part=layer]').boundingBox(), name.boundingBox()])
  expect(tag!.x + tag!.width, 'the name stays on the content').toBeLessThanOrEqual(layer!.x + layer!.width)
  expect(tag!.y + tag!.height).toBeLessThanOrEqual(layer!.y + layer!.height)
})

async function point(page: Page, right: number, down: number): Promise<void> {
  const { x, y, width, height } = (await page.locator('tutti-cursors').boundingBox())!
  await page.mouse.move(x + width * right, y + height * down)
}

/** Puts a board in the place of the content. */
function layBoard(page: Page): Promise<void> {
  return page.evaluate(() => {
    const content = document.querySelector<HTMLElement>('#content')!
    const board = document.createElement('tutti-board')
    content.style.height = 'auto'
    board.style.height = '24rem'
    content.replaceChildren(board)
    document.querySelector('tutti-cursors')!.idleSeconds = 60
  })
}

interface Spot {
  readonly x: number
  readonly y: number
}

/** Returns where in the window the pointer is then. */
async function pointAtBoard(page: Page, right: number, down: number): Promise<Spot> {
  const { x, y, width, height } = (await page.locator('tutti-board canvas').boundingBox())!
  const spot = { x: x + width * right, y: y + height * down }
  await page.mouse.move(spot.x, spot.y)
  return spot
}

/** Where in the window the whole sheet lies, by the look of the paper. */
function sheetOf(page: Page): Promise<{ left: number; top: number; width: number }> {
  return page.evaluate(() => {
    const canvas = document.querySelector('tutti-board')!.renderRoot.querySelector('canvas')!
    const { left, top } = canvas.getBoundingClientRect()
    const [x, y, width] = ['x', 'y', 'width'].map((name) =>
      Number.parseFloat(canvas.style.getPropertyValue(`--_sheet-${name}`)),
    )
    return { left: left + x!, top: top + y!, width: width! }
  })
}

/** How far on one's screen the other's arrow is from what the other points at, in CSS pixels. */
async function apart(one: Page, other: Page, pointed: Spot): Promise<number> {
  const [mine, theirs, arrow] = await Promise.all([
    sheetOf(one),
    sheetOf(other),
    one.locator('tutti-cursors [part=cursor]').boundingBox(),
  ])
  if (arrow === null) return Number.POSITIVE_INFINITY
  const scale = mine.width / theirs.width
  const [x, y] = [mine.left + (pointed.x - theirs.left) * scale, mine.top + (pointed.y - theirs.top) * scale]
  return Math.hypot(arrow.x - x, arrow.y - y)
}

/** Notes from now on what a page hears of pointers. Returns what it heard. */
async function places(page: Page): Promise<() => Promise<(Place | null)[]>> {
  await page.evaluate(() => {
    const heard: unknown[] = []
    document.querySelector('tutti-group')!.host.observe((event) => {
      if (event.type !== 'message') return
      const { tutti, at } = event.value as { tutti: string; at: unknown }
      if (tutti === 'cursors' && event.from.id !== document.querySelector('tutti-group')!.group!.self.id) heard.push(at)
    })
    Object.assign(window, { heard })
  })
  return () => page.evaluate(() => (window as unknown as { heard: (Place | null)[] }).heard)
}

function cursors(page: Page): Promise<{ name: string; x: number; y: number }[]> {
  return page.evaluate(() =>
    document
      .querySelector('tutti-cursors')!
      .cursors.map(({ member, x, y }) => ({ name: member.name, x: Math.round(x / 5) * 5, y: Math.round(y / 5) * 5 })),
  )
}

/** Where the arrows are on the screen, in per-mille of the layer. */
function drawn(page: Page): Promise<{ x: number; y: number }[]> {
  return page.evaluate(() => {
    const root = document.querySelector('tutti-cursors')!.renderRoot
    const { left, top, width, height } = root.querySelector('.layer')!.getBoundingClientRect()
    return [...root.querySelectorAll('.cursor')].map((cursor) => {
      const place = cursor.getBoundingClientRect()
      const round = (share: number): number => Math.round(share * 200) * 5
      return { x: round((place.left - left) / width), y: round((place.top - top) / height) }
    })
  })
}

/** Notes from now on, in each frame, where the first arrow is. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    const seen: number[] = []
    const look = (): void => {
      const root = document.querySelector('tutti-cursors')!.renderRoot
      const { left, width } = root.querySelector('.layer')!.getBoundingClientRect()
      seen.push((1000 * (root.querySelector('.cursor')!.getBoundingClientRect().left - left)) / width)
      requestAnimationFrame(look)
    }
    look()
    Object.assign(window, { seen })
  })
}

function watched(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as unknown as { seen: number[] }).seen)
}
