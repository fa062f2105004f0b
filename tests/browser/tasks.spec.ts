import type { Page } from 'playwright/test'
import type { TuttiTasks } from '../../ui/index.ts'
import { expect } from './support/expect-soon.ts'
import { hostileText } from './support/hostile-text.ts'
import { test } from './support/share-test.ts'
import { size } from './support/social-test.ts'

// Cards in columns, in tabs of a real browser.

test('cards are the same in all tabs, and a latecomer has them [OR3, ST1]', async ({ room }) => {
  const [ada, bo, cy] = await room.together('Ada', 'Bo', 'Cy')
  await Promise.all([add(ada, 'To do', 'Tune'), add(bo, 'To do', 'Rehearse'), add(cy, 'Doing', 'Perform')])
  await Promise.all([ada, bo, cy].map((page) => expect.poll(async () => (await cards(page)).length).toBe(3)))
  await Promise.all([edit(bo, 'Tune', 'Tune the piano'), edit(cy, 'Perform', 'Perform at last')])
  await expect.poll(() => cards(ada)).toContainEqual(['Doing', 'Perform at last'])
  const dan = await room.open('Dan')
  await expect.poll(() => size(dan)).toBe(4)
  await expect.poll(() => cards(dan)).toContainEqual(['To do', 'Tune the piano'])
  await expectSame([ada, bo, cy, dan])
  await expect(dan.locator('tutti-tasks [part=title]')).toHaveText(['To do2', 'Doing1', 'Done0'])
})

test('two who move a card at once see it at the same place, and who was overtaken is told [OR3]', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await add(ada, 'To do', 'Tune')
  await expect.poll(() => cards(bo)).toEqual([['To do', 'Tune']])
  await ada.locator('tutti-tasks').evaluate((tasks: TuttiTasks) => {
    tasks.addEventListener('tutti-tasks-overtaken', ({ detail }) => {
      document.title = detail.what
    })
  })
  // Both see nothing of each other's move: each is on its way when the other is made.
  await Promise.all([moveTogether(ada, 'Doing'), moveTogether(bo, 'Done')])
  await expect.poll(async () => new Set((await Promise.all([cards(ada), cards(bo)])).map(String)).size).toBe(1)
  const [[column]] = (await cards(ada)) as [[string, string]]
  const told = await Promise.all([ada, bo].map((page) => page.locator('tutti-tasks [part=notices]').textContent()))
  const expected =
    column === 'Done' ? [/Bo moved “Tune” to Done at the same time/, /^\s*$/] : [/^\s*$/, /Ada moved “Tune” to Doing/]
  for (const [index, words] of expected.entries()) expect(told[index]).toMatch(words)
  if (column === 'Done') await expect(ada).toHaveTitle('moved')
})

test('a card is moved by keys, within and between columns, and what happens is said', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  for (const text of ['One', 'Two', 'Three']) await add(ada, 'To do', text)
  await expect.poll(async () => (await cards(bo)).length).toBe(3)
  const said = ada.locator('tutti-tasks [aria-live=assertive]')
  await card(ada, 'One').focus()
  await ada.keyboard.press('ArrowDown')
  await expect(card(ada, 'Two')).toBeFocused()
  await ada.keyboard.press(' ')
  await expect(said).toHaveText('Picked up “Two”. To do, 2 of 3.')
  await ada.keyboard.press('ArrowUp')
  await expect(said).toHaveText('To do, 1 of 3.')
  await ada.keyboard.press('ArrowRight')
  await expect(said).toHaveText('Doing, 1 of 1.')
  await expect(card(ada, 'Two')).toBeFocused()
  expect(await cards(bo), 'nobody sees it before it is put down').toContainEqual(['To do', 'Two'])
  await ada.keyboard.press(' ')
  await expect(said).toHaveText('Put down. Doing, 1 of 1.')
  await expect.poll(() => cards(bo)).toContainEqual(['Doing', 'Two'])
  await expect(card(ada, 'Two')).toBeFocused()

  await ada.keyboard.press('Space')
  await ada.keyboard.press('ArrowLeft')
  await ada.keyboard.press('Escape')
  await expect(said).toHaveText('Put back. Doing, 1 of 1.')
  await ada.evaluate(() => {
    document.documentElement.dir = 'rtl'
  })
  await ada.keyboard.press('Space')
  await ada.keyboard.press('ArrowLeft')
  await expect(said).toHaveText('Done, 1 of 1.')
  // Who goes elsewhere puts it back.
  await ada.locator('tutti-chat input').focus()
  await expect(said).toHaveText('Put back. Doing, 1 of 1.')
  await expectSame([ada, bo])
})

test('a card is written, rewritten and deleted by keys, and brought back', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await ada.getByRole('button', { name: 'Add a card to Doing' }).press('Enter')
  await ada.keyboard.type('First')
  await ada.keyboard.press('Enter')
  await ada.keyboard.type('Second')
  await ada.keyboard.press('Enter')
  await ada.keyboard.press('Escape')
  await expect(ada.getByRole('button', { name: 'Add a card to Doing' })).toBeFocused()
  await expect
    .poll(() => cards(bo))
    .toEqual([
      ['Doing', 'First'],
      ['Doing', 'Second'],
    ])
  await card(bo, 'First').press('Enter')
  await expect(bo.getByRole('textbox', { name: 'Text of the card' })).toBeFocused()
  await bo.keyboard.press('End')
  await bo.keyboard.type(' of all')
  await bo.keyboard.press('Enter')
  await expect(card(bo, 'First of all')).toBeFocused()
  await expect.poll(() => cards(ada)).toContainEqual(['Doing', 'First of all'])
  await bo.keyboard.press('Delete')
  await expect(card(bo, 'Second')).toBeFocused()
  await expect.poll(() => cards(ada)).toEqual([['Doing', 'Second']])
  await bo.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => cards(ada)).toContainEqual(['Doing', 'First of all'])
  await expectSame([ada, bo])
})

test('who writes on a card that is deleted meanwhile loses nothing', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await add(ada, 'To do', 'Tune')
  await expect.poll(() => cards(bo)).toEqual([['To do', 'Tune']])
  await card(bo, 'Tune').press('Enter')
  await bo.keyboard.press('End')
  await bo.keyboard.type(' the piano')
  await card(ada, 'Tune').press('Delete')
  await bo.getByRole('button', { name: 'Bring it back' }).click()
  await expect.poll(() => cards(ada)).toEqual([['To do', 'Tune the piano']])
})

test('a card is dragged with a mouse, and put back by Escape', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  for (const text of ['One', 'Two']) await add(ada, 'To do', text)
  await add(ada, 'Done', 'Three')
  await ada.bringToFront()
  // Cards are where they are at once: they are aimed at.
  await ada.emulateMedia({ reducedMotion: 'reduce' })
  await dragTo(ada, 'One', 'Done', 'Three')
  await expect(ada.locator('tutti-tasks .ghost')).toBeVisible()
  await ada.keyboard.press('Escape')
  await expect(ada.locator('tutti-tasks .ghost')).toHaveCount(0)
  await ada.mouse.up()
  expect(await cards(ada)).toContainEqual(['To do', 'One'])

  await dragTo(ada, 'One', 'Done', 'Three')
  await ada.mouse.up()
  await expect
    .poll(() => cards(bo))
    .toEqual([
      ['To do', 'Two'],
      ['Done', 'One'],
      ['Done', 'Three'],
    ])
  await expectSame([ada, bo])
})

test('a card is dragged with a finger, by its handle', async ({ room, browser }) => {
  const [ada] = await room.together('Ada')
  await add(ada, 'To do', 'One')
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 390, height: 844 } })
  const phone = await context.newPage()
  await phone.goto(ada.url().replace('Ada', 'Phone'))
  await expect.poll(() => cards(phone)).toEqual([['To do', 'One']])
  const session = await context.newCDPSession(phone)
  const touch = (
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    touchPoints: { x: number; y: number }[],
  ): Promise<unknown> => session.send('Input.dispatchTouchEvent', { type, touchPoints })
  const from = (await phone.locator('tutti-tasks [data-handle]').boundingBox())!
  const to = (await column(phone, 'Done').boundingBox())!
  const [x, y] = [from.x + from.width / 2, from.y + from.height / 2]
  await touch('touchStart', [{ x, y }])
  for (let step = 1; step <= 8; step++) await touch('touchMove', [{ x, y: y + ((to.y + 30 - y) * step) / 8 }])
  await touch('touchEnd', [])
  await expect.poll(() => cards(ada)).toEqual([['Done', 'One']])
  await context.close()
})

test('what comes from elsewhere is text, cut, and hides nowhere', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', hostileText)
  await bo.evaluate(
    (text) => document.querySelector<TuttiTasks>('tutti-tasks')!.addCard(text, `Review ${text}`),
    hostileText,
  )
  const shown = ada.locator('tutti-tasks [part=card] .text')
  await expect(shown).toContainText('<img src=x')
  expect([...(await shown.textContent())!]).toHaveLength(1000)
  await expect(ada).not.toHaveTitle('broken')
  // A column that this page does not have.
  await expect(ada.getByRole('group', { name: 'Other columns, one card' })).toContainText('Review <img')
  expect(await ada.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await ada.setViewportSize({ width: 390, height: 844 })
  expect(await ada.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

test('columns can be named and added, and a title changed', async ({ room }) => {
  const [ada] = await room.together('Ada')
  await add(ada, 'Doing', 'Tune')
  await ada.evaluate(() => {
    const tasks = document.querySelector<TuttiTasks>('tutti-tasks')!
    tasks.columns = ['Ideas', { id: 'Doing', title: 'In rehearsal' }, 'Done', 'Dropped']
  })
  await expect(ada.locator('tutti-tasks [part=title] bdi')).toHaveText(['Ideas', 'In rehearsal', 'Done', 'Dropped'])
  await expect(column(ada, 'In rehearsal')).toContainText('Tune')
  await ada.locator('tutti-tasks').evaluate((element) => element.setAttribute('columns', 'A, B'))
  await expect(ada.locator('tutti-tasks [part=title] bdi')).toHaveText(['A', 'B', 'Elsewhere'])
})

test('look right wide and narrow, light and dark, at rest and dragged', async ({ room }, info) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  const words = [
    'Tune the piano',
    'Ask the hall for forty chairs, and whether the lamp above the second row works again',
    'Print scores',
  ]
  for (const [index, text] of words.entries()) await add(index % 2 ? bo : ada, 'To do', text)
  await add(bo, 'Doing', 'Learn the second movement')
  await add(ada, 'Done', 'Choose a programme')
  await expect.poll(async () => (await cards(ada)).length).toBe(5)
  await card(ada, 'Choose').press('Delete')
  await expect(ada.getByRole('button', { name: 'Undo' })).toBeVisible()
  await ada.bringToFront()
  for (const width of [1440, 390]) {
    await ada.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await ada.emulateMedia({ colorScheme })
      await card(ada, 'Print').hover()
      await card(ada, 'Print').focus()
      expect(await ada.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      await ada.screenshot({ path: info.outputPath(`tasks-${width}-${colorScheme}.png`), animations: 'disabled' })
      await dragTo(ada, 'Print', 'Doing', 'Learn')
      expect(await ada.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      await ada.screenshot({ path: info.outputPath(`drag-${width}-${colorScheme}.png`), animations: 'disabled' })
      await ada.keyboard.press('Escape')
      await ada.mouse.up()
    }
  }
})

function add(page: Page, columnName: string, text: string): Promise<void> {
  return page.evaluate(
    ([to, what]) => void document.querySelector<TuttiTasks>('tutti-tasks')!.addCard(what!, to),
    [columnName, text],
  )
}

function edit(page: Page, before: string, after: string): Promise<void> {
  return page.evaluate(
    ([from, to]) => {
      const tasks = document.querySelector<TuttiTasks>('tutti-tasks')!
      tasks.editCard(tasks.cards.find(({ text }) => text === from)!.id, to!)
    },
    [before, after],
  )
}

/** Moves the first card at the next tenth of a second: in all tabs at once. */
function moveTogether(page: Page, to: string): Promise<void> {
  return page.evaluate(async (where) => {
    const tasks = document.querySelector<TuttiTasks>('tutti-tasks')!
    const at = Math.ceil(Date.now() / 100 + 1) * 100
    while (Date.now() < at - 5) await new Promise((resolve) => setTimeout(resolve, 1))
    // Busy for the rest, so that nothing of the other comes in between.
    while (Date.now() < at + 5);
    tasks.moveCard(tasks.cards[0]!.id, where)
  }, to)
}

function card(page: Page, text: string) {
  return page.locator('tutti-tasks [part=card]').filter({ hasText: text }).first()
}

function column(page: Page, title: string) {
  return page.locator('tutti-tasks [part=column]').filter({ has: page.locator('[part=title]', { hasText: title }) })
}

/** Holds a card above another one. */
async function dragTo(page: Page, text: string, title: string, above: string): Promise<void> {
  const from = (await card(page, text).boundingBox())!
  const to = (await column(page, title).locator('[part=card]').filter({ hasText: above }).boundingBox())!
  await page.mouse.move(from.x + 30, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(to.x + 40, to.y + 5, { steps: 12 })
}

/** Column and text of each, by column. */
function cards(page: Page): Promise<[string, string][]> {
  return page.evaluate(() => {
    const order = ['To do', 'Doing', 'Done']
    const all = document.querySelector<TuttiTasks>('tutti-tasks')!.cards
    return all
      .map(({ column, text }): [string, string] => [column, text])
      .sort(([one], [other]) => order.indexOf(one) - order.indexOf(other))
  })
}

async function expectSame(pages: readonly Page[]): Promise<void> {
  const all = (): Promise<string[]> =>
    Promise.all(
      pages.map((page) =>
        page.evaluate(() => JSON.stringify(document.querySelector<TuttiTasks>('tutti-tasks')!.cards)),
      ),
    )
  await expect.poll(async () => new Set(await all()).size).toBe(1)
}
