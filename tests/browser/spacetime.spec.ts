import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import type { Page } from 'playwright/test'
import type { SpacetimeEvent, TuttiGroup, TuttiSpacetime } from '../../ui/index.ts'
import { deliver, install, line, send } from '../unit/ui-spacetime-support.ts'
import { type Site, serveScript } from './support/site.ts'
import { expect, test as social } from './support/social-test.ts'

// The space-time diagram in tabs of a real browser: of a real group, and of events by hand.

const script = fileURLToPath(new URL('./pages/spacetime-page.ts', import.meta.url))

const test = social.extend<object, { site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveScript(script)
      await use(site)
    },
    { scope: 'worker' },
  ],
})

test('a tab draws its own events, and everyone’s when it asks', async ({ room }) => {
  const [ada, bob, cy] = await room.together('Ada', 'Bob', 'Cy')
  const names = ada.getByRole('list', { name: 'Lines' }).getByRole('listitem')
  await expect(names).toHaveText(['Ada', 'Bob', 'Cy'])
  await cast(bob)
  await expect.poll(() => tellers(ada, 'deliver')).toBe(1)

  await ada.getByRole('checkbox', { name: 'Everyone’s events' }).check()
  await expect
    .poll(async () => {
      await Promise.all([cast(bob), cast(cy)])
      return tellers(ada, 'multicast')
    })
    .toBe(3)
  const ids = (await Promise.all([ada, bob, cy].map(cast))).flat()
  const drawn = async (name: SpacetimeEvent['event']): Promise<string[]> => {
    const all = await ada.evaluate(() => document.querySelector<TuttiSpacetime>('tutti-spacetime')!.events)
    return all.flatMap((event) => (event.event === name && 'id' in event && ids.includes(event.id) ? [event.id] : []))
  }
  await expect.poll(async () => (await drawn('deliver')).length).toBe(ids.length * 3)
  expect((await drawn('multicast')).toSorted()).toEqual(ids.toSorted())
  for (const id of ids) expect((await drawn('deliver')).filter((one) => one === id)).toHaveLength(3)

  // One who did not ask sees what it did.
  expect(await tellers(bob, 'deliver')).toBe(1)
  await cy.close()
  await expect.poll(() => tellers(ada, 'install')).toBe(2)
  await expect(names).toHaveText(['Ada', 'Bob', 'Cy'])

  await ada.getByRole('checkbox', { name: 'Everyone’s events' }).uncheck()
  ids.splice(0, ids.length, ...(await cast(bob)))
  await expect.poll(async () => (await drawn('deliver')).length).toBe(ids.length)
  expect(await drawn('multicast')).toEqual([])
})

test('another room has a picture of its own', async ({ room }) => {
  const [ada] = await room.together('Ada')
  await cast(ada)
  await expect.poll(() => tellers(ada, 'multicast')).toBe(1)
  await ada.evaluate(() => {
    document.querySelector<TuttiGroup>('tutti-group')!.room += '-next'
  })
  await expect.poll(() => tellers(ada, 'multicast')).toBe(0)
  await expect(ada.getByRole('list', { name: 'Lines' }).getByRole('listitem')).toHaveText(['Ada'])
})

test('what is painted bit by bit is what would be painted at once', async ({ page, site }) => {
  await show(page, site, byHand())
  const next = [
    send(61, 'bob.1', 2),
    deliver(62, 'ada.1', 'bob.1', 2),
    line(63, 'cy.1', { event: 'left', reason: 'left' }),
    deliver(66, 'bob.1', 'bob.1', 2),
    line(70, 'ada.1', { event: 'plain-send', id: 'p', to: ['bob.1'] }),
    // Of a message that nothing was heard of, and of one that is late.
    deliver(75, 'ada.1', 'bob.1', 3, 'fifo'),
    line(84, 'bob.1', { event: 'plain-receive', id: 'p', from: 'ada.1' }),
    send(90, 'ada.1', 3, 'total'),
  ]
  const different = await page.evaluate(async (events) => {
    const diagram = document.querySelector<TuttiSpacetime>('tutti-spacetime')!
    const canvas = diagram.shadowRoot!.querySelector('canvas')!
    const painted = async (): Promise<Uint8ClampedArray> => {
      await diagram.updateComplete
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data
    }
    let bits: Uint8ClampedArray = new Uint8ClampedArray()
    for (let now = 61; now < 110; now += 1.7) {
      diagram.now = now
      while ((events[0]?.t ?? now) < now) diagram.add(events.splice(0, 1))
      bits = await painted()
    }
    // There is none of these, but now all is painted anew.
    diagram.showKind('state', false)
    const whole = await painted()
    return whole.filter((value, index) => Math.abs(value - bits[index]!) > 8).length / whole.length
  }, next)
  expect(different).toBeLessThan(0.0005)
})

test('the file of the diagram has an arrow for each delivery', async ({ page, site }) => {
  await show(page, site, byHand())
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'SVG' }).click()
  const file = await readFile(await (await download).path(), 'utf8')
  const counts = await page.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml')
    const starts = (name: string): number =>
      [...root.querySelectorAll('path')]
        .filter((path) => path.getAttribute('class') === name)
        .reduce((sum, path) => sum + path.getAttribute('d')!.split('M').length - 1, 0)
    return {
      root: root.documentElement.localName,
      errors: root.querySelectorAll('parsererror').length,
      scripts: root.querySelectorAll('script, b').length,
      text: [...root.querySelectorAll('text')].map((text) => text.textContent),
      causal: starts('message causal'),
      total: starts('message total'),
      views: starts('view'),
    }
  }, file)
  expect(counts).toMatchObject({ root: 'svg', errors: 0, scripts: 0, causal: 2, total: 4, views: 1 })
  expect(counts.text).toEqual(expect.arrayContaining(['<b>Ada</b>', 'Bob', 'view 1']))
})

test('all of it goes by keyboard, and is said', async ({ page, site }) => {
  await show(page, site, byHand())
  const picture = page.getByRole('application')
  const said = page.locator('tutti-spacetime [part=said]')
  await picture.focus()
  await page.keyboard.press('Home')
  await expect(said).toContainText('<b>Ada</b> enters view 1: <b>Ada</b>, Bob, Cy')
  await page.keyboard.press('ArrowRight')
  await expect(said).toContainText(
    'multicasts 1 (causal), 10 bytes, delivered at 3 · 10 ms · <b>Ada</b> 1, Bob 0, Cy 0',
  )
  await page.keyboard.press('Enter')
  await expect(said).toContainText('Bob delivers 1 of <b>Ada</b> (causal) · 20 ms · <b>Ada</b> 1, Bob 0, Cy 0')
  await expect(said).toContainText('3 events may have led to it')
  await page.keyboard.press('Enter')
  await expect(said).toContainText('<b>Ada</b> multicasts 1')
  await page.keyboard.press('ArrowDown')
  await expect(said).toContainText('Bob')
  await page.keyboard.press('End')
  await expect(said).toContainText('Cy delivers 1 of Bob (total)')
  await page.keyboard.press('Escape')
  await expect(said).toContainText('Choose an event')

  // Choosing has paused it.
  const before = await state(page)
  expect(before.live).toBe(false)
  await page.keyboard.press(' ')
  expect((await state(page)).live).toBe(true)
  await page.keyboard.press('+')
  expect((await state(page)).span).toBeLessThan(before.span)
  await page.keyboard.press('-')
  expect((await state(page)).span).toBeCloseTo(before.span)
  await page.keyboard.press('PageUp')
  expect((await state(page)).live).toBe(false)
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  expect((await state(page)).live).toBe(true)

  await page.getByRole('checkbox', { name: 'causal' }).press(' ')
  await page.getByRole('checkbox', { name: 'Cy' }).press(' ')
  const svg = await page.evaluate(() => document.querySelector<TuttiSpacetime>('tutti-spacetime')!.toSvg())
  expect(svg).not.toContain('message causal')
  expect(svg).toContain('message total')
  await picture.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await expect(said).toContainText('delivers 1 of Bob (total)')
})

test('what is under the pointer is told, a click chooses, a drag scrolls back', async ({ page, site }) => {
  await show(page, site, byHand())
  const box = (await page.getByRole('application').boundingBox())!
  // The diagram shows 100 ms that end 3 ms after now, which is 60.
  const at = (ms: number): number => box.x + ((ms + 37) / 100) * box.width
  await page.mouse.move(at(10), box.y + 24 + 22)
  await expect(page.locator('tutti-spacetime [part=tip]')).toContainText('multicasts 1 (causal)')
  await page.mouse.down()
  await page.mouse.up()
  await expect(page.locator('tutti-spacetime [part=said]')).toContainText('multicasts 1 (causal)')
  await page.evaluate(() => {
    document.querySelector<TuttiSpacetime>('tutti-spacetime')!.live = true
  })
  await page.mouse.down()
  await page.mouse.move(at(40), box.y + 46, { steps: 3 })
  await page.mouse.up()
  expect((await state(page)).live).toBe(false)
})

test('what is told beside a pointer that rests goes when the picture has moved on', async ({ page, site }) => {
  await show(page, site, byHand())
  const box = (await page.getByRole('application').boundingBox())!
  await page.mouse.move(box.x + 0.47 * box.width, box.y + 24 + 22)
  const tip = page.locator('tutti-spacetime [part=tip]')
  await expect(tip).toContainText('multicasts 1 (causal)')
  await page.evaluate(() => {
    document.querySelector<TuttiSpacetime>('tutti-spacetime')!.now = 80
  })
  await expect(tip).toHaveCount(0)
})

for (const [width, colorScheme, dir] of [
  [1440, 'light', 'ltr'],
  [390, 'dark', 'ltr'],
  [1440, 'dark', 'rtl'],
] as const) {
  test(`has no fault that axe finds, at ${width} px, ${colorScheme}, ${dir}`, async ({ page, site }, info) => {
    await page.setViewportSize({ width, height: 600 })
    await page.emulateMedia({ colorScheme })
    await show(page, site, byHand(), dir)
    await page.getByRole('application').press('Home')
    await page.evaluate(axe.source)
    const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
    expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    await page.screenshot({ path: info.outputPath(`spacetime-${width}-${colorScheme}-${dir}.png`) })
  })
}

/** A causal multicast of ada, then two totals, each delivered at all three. */
function byHand(): SpacetimeEvent[] {
  const members = ['ada.1', 'bob.1', 'cy.1']
  return [
    ...members.map((member, index) => install(index, member, 1, members)),
    send(10, 'ada.1', 1),
    deliver(10, 'ada.1', 'ada.1', 1),
    deliver(20, 'bob.1', 'ada.1', 1),
    deliver(25, 'cy.1', 'ada.1', 1),
    send(30, 'bob.1', 1, 'total'),
    deliver(40, 'ada.1', 'bob.1', 1, 'total'),
    deliver(41, 'bob.1', 'bob.1', 1, 'total'),
    send(44, 'ada.1', 2, 'total'),
    line(46, 'bob.1', { event: 'wedged' }),
    deliver(50, 'bob.1', 'ada.1', 2, 'total'),
    deliver(51, 'ada.1', 'ada.1', 2, 'total'),
    deliver(52, 'cy.1', 'ada.1', 2, 'total'),
    deliver(58, 'cy.1', 'bob.1', 1, 'total'),
  ]
}

/** Draws events without a group, at virtual time 60, of the last 100 ms. */
async function show(page: Page, site: Site, events: SpacetimeEvent[], dir = 'ltr'): Promise<void> {
  await page.goto(`${site.address}?dir=${dir}`)
  await page.evaluate(async (given) => {
    const diagram = document.querySelector<TuttiSpacetime>('tutti-spacetime')!
    diagram.names = new Map([
      ['ada', '<b>Ada</b>'],
      ['bob', 'Bob'],
      ['cy.1', 'Cy'],
    ])
    diagram.now = 60
    diagram.span = 100
    diagram.add(given)
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await diagram.updateComplete
  }, events)
  await expect(page.getByRole('checkbox', { name: 'Bob' })).toBeChecked()
}

function state(page: Page): Promise<{ live: boolean; span: number }> {
  return page.evaluate(() => {
    const { live, span } = document.querySelector<TuttiSpacetime>('tutti-spacetime')!
    return { live, span }
  })
}

/** Multicasts one of each kind; their ids. */
function cast(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const group = document.querySelector<TuttiGroup>('tutti-group')!.group!
    const receipts = [group.fbcast('hi'), group.cbcast('hi'), group.abcast('hi')]
    return Promise.all(receipts.map(async (receipt) => (await receipt).id))
  })
}

/** Of how many peers a tab draws such events. */
function tellers(page: Page, name: SpacetimeEvent['event']): Promise<number> {
  return page.evaluate((wanted) => {
    const { events } = document.querySelector<TuttiSpacetime>('tutti-spacetime')!
    return new Set(events.flatMap(({ event, peer }) => (event === wanted ? [peer] : []))).size
  }, name)
}
