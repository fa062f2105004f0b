import { readFile } from 'node:fs/promises'
import type { TuttiBoard } from '../../ui/index.ts'
import {
  at,
  choose,
  differences,
  drag,
  expect,
  expectSame,
  inkAt,
  pinch,
  pixels,
  press,
  test,
  things,
} from './support/board-test.ts'
import { hostileText } from './support/hostile-text.ts'
import { expectFit } from './support/social-test.ts'

// The board in tabs of a real browser, in real groups.

test('what is drawn is seen while it is drawn, is the same everywhere, and latecomers have it', async ({ open }) => {
  const [ada, bo] = [await open('Ada', 1), await open('Bo', 2)]
  await at(ada, async (spot) => {
    await ada.mouse.move(...spot(0.2, 0.2))
    await ada.mouse.down()
    await ada.mouse.move(...spot(0.4, 0.3), { steps: 10 })
    await expect.poll(() => things(bo)).toMatchObject([{ kind: 'pen', ended: false }])
    await expect.poll(() => inkAt(bo, 0.3, 0.25)).toBe(true)
    await ada.mouse.up()
  })
  for (const [index, tool] of (['line', 'arrow', 'rectangle', 'ellipse'] as const).entries()) {
    await choose(index % 2 ? ada : bo, tool)
    await drag(index % 2 ? ada : bo, [0.1 + 0.2 * index, 0.5], [0.25 + 0.2 * index, 0.7])
  }
  await expectSame([ada, bo], 5)
  expect((await things(bo)).map(({ kind }) => kind).sort()).toEqual(['arrow', 'ellipse', 'line', 'pen', 'rectangle'])
  const late = await open('Cy', 3)
  await expectSame([ada, bo, late], 5)
  await expect.poll(() => inkAt(late, 0.3, 0.25)).toBe(true)
  expect(await inkAt(late, 0.9, 0.1)).toBe(false)
})

test('the picture is the same, be it painted piece by piece or all at once', async ({ open }) => {
  const [ada, bo] = [await open('Ada', 1), await open('Bo', 2)]
  await ada.evaluate(() => Object.assign(document.querySelector<TuttiBoard>('tutti-board')!, { color: 2, width: 30 }))
  await bo.evaluate(() => Object.assign(document.querySelector<TuttiBoard>('tutti-board')!, { color: 1, width: 14 }))
  await at(ada, async (spot) => {
    await ada.mouse.move(...spot(0.1, 0.1))
    await ada.mouse.down()
    await ada.mouse.move(...spot(0.6, 0.6), { steps: 30 })
    await drag(bo, [0.1, 0.6], [0.6, 0.1])
    await choose(bo, 'ellipse')
    await drag(bo, [0.2, 0.2], [0.5, 0.5])
    await ada.bringToFront()
    await ada.mouse.move(...spot(0.1, 0.5), { steps: 30 })
    await ada.mouse.up()
  })
  await choose(bo, 'select')
  await drag(bo, [0.2, 0.35], [0.3, 0.4])
  await bo.keyboard.press('Escape')
  await choose(ada, 'text')
  await at(ada, (spot) => ada.mouse.click(...spot(0.3, 0.35)))
  await ada.keyboard.type('over all')
  await ada.keyboard.press('Escape')
  await expectSame([ada, bo], 4)
  await press(bo, 'Undo')
  await expect.poll(async () => (await things(ada)).filter(({ dx }) => dx !== 0)).toEqual([])
  await expectSame([ada, bo], 4)
  const late = await open('Cy', 3)
  await expectSame([ada, bo, late], 4)
  for (const page of [ada, bo])
    await expect.poll(async () => differences(await pixels(page), await pixels(late))).toBe(0)
})

test('undo and redo are for what one did oneself', async ({ open }) => {
  const [ada, bo] = [await open('Ada', 1), await open('Bo', 2)]
  await drag(ada, [0.2, 0.2], [0.4, 0.2])
  await expectSame([ada, bo], 1)
  await drag(bo, [0.2, 0.4], [0.4, 0.4])
  await drag(bo, [0.2, 0.6], [0.4, 0.6])
  await expectSame([ada, bo], 3)
  await press(ada, 'Undo')
  await expectSame([ada, bo], 2)
  await press(ada, 'Undo')
  await expect(ada.locator('tutti-board [role=status]')).toHaveText('Nothing to undo.')
  await press(ada, 'Redo')
  await expectSame([ada, bo], 3)
  await press(bo, 'Clear')
  await expectSame([ada, bo], 0)
  await press(bo, 'Undo')
  await expectSame([ada, bo], 3)
  await bo.keyboard.press('Control+z')
  await expectSame([ada, bo], 2)
  await bo.keyboard.press('Control+Shift+z')
  await expectSame([ada, bo], 3)
})

test("others' things are moved, erased and brought back", async ({ open }) => {
  const [ada, bo] = [await open('Ada', 1), await open('Bo', 2)]
  await choose(ada, 'rectangle')
  await drag(ada, [0.2, 0.2], [0.4, 0.4])
  await expectSame([ada, bo], 1)
  await choose(bo, 'select')
  await drag(bo, [0.2, 0.3], [0.5, 0.5])
  await expectSame([ada, bo], 1)
  const [moved] = await things(ada)
  expect(moved!.dx).toBeGreaterThan(50)
  await expect.poll(() => inkAt(ada, 0.5, 0.5)).toBe(true)
  expect(await inkAt(ada, 0.2, 0.3)).toBe(false)
  await press(bo, 'Undo')
  await expect.poll(async () => (await things(ada))[0]!.dx).toBe(0)
  await press(bo, 'Redo')
  await expect.poll(async () => (await things(ada))[0]!.dx).toBe(moved!.dx)

  await choose(bo, 'eraser')
  await drag(bo, [0.45, 0.5], [0.55, 0.5])
  await expectSame([ada, bo], 0)
  await press(bo, 'Undo')
  await expectSame([ada, bo], 1)
})

test('a text is written in its place, seen while it is written, and stays text', async ({ open }) => {
  const [ada, bo] = [await open('Ada', 1), await open('Bo', 2)]
  await choose(ada, 'text')
  await at(ada, (spot) => ada.mouse.click(...spot(0.3, 0.3)))
  await ada.keyboard.type('Hello')
  await expect.poll(async () => (await things(bo))[0]?.text).toBe('Hello')
  await ada.keyboard.press('Enter')
  await ada.keyboard.type('all')
  await ada.keyboard.press('Escape')
  await expect.poll(async () => (await things(bo))[0]?.text).toBe('Hello\nall')

  await choose(bo, 'select')
  await at(bo, (spot) => bo.mouse.dblclick(...spot(0.32, 0.3)))
  await bo.locator('tutti-board textarea').fill(hostileText)
  await bo.keyboard.press('Escape')
  await expect.poll(async () => (await things(ada))[0]!.text).toMatch(/^<img src=x .*…$/)
  await expectSame([ada, bo], 1)
  expect(Array.from((await things(ada))[0]!.text)).toHaveLength(500)
  await press(bo, 'Undo')
  await expect.poll(async () => (await things(ada))[0]!.text).toBe('Hello\nall')
  await press(ada, 'Undo')
  await expectSame([ada, bo], 0)
})

test('it is worked by keyboard alone, and tells what others do', async ({ open }) => {
  const [ada, bo] = [await open('Ada', 1), await open('Bo', 2)]
  const said = ada.locator('tutti-board [role=status]')
  await bo.evaluate(noteSaid)
  await ada.locator('tutti-board canvas').focus()
  await ada.keyboard.press('r')
  await ada.keyboard.press('Enter')
  await expect(said).toHaveText('Rectangle placed. Arrow keys move it.')
  await expectSame([ada, bo], 1)
  await ada.keyboard.press('ArrowRight')
  await ada.keyboard.press('Shift+ArrowDown')
  await expect.poll(() => things(bo)).toMatchObject([{ kind: 'rectangle', dx: 10, dy: 50 }])
  await ada.keyboard.press('t')
  await ada.keyboard.press('Enter')
  await ada.keyboard.type('By hand')
  await ada.keyboard.press('Escape')
  await expectSame([ada, bo], 2)
  await ada.keyboard.press('n')
  await expect(said).toHaveText('rectangle, 1 of 2')
  await ada.keyboard.press('n')
  await expect(said).toHaveText('text “By hand”, 2 of 2')
  await expect(ada.locator('tutti-board #what')).toHaveText(/1 rectangle, 1 text. Texts: “By hand”/)
  await ada.keyboard.press('Delete')
  await expectSame([ada, bo], 1)
  await ada.keyboard.press('Control+z')
  await expectSame([ada, bo], 2)
  await ada.keyboard.press('Control+a')
  await expect(said).toHaveText('2 selected.')
  await ada.keyboard.press('Delete')
  await expectSame([ada, bo], 0)
  await expect
    .poll(() => bo.evaluate(() => window.said))
    .toContainEqual(expect.stringMatching(/^Ada added 1 rectangle/))
})

test('each pans and zooms for itself, by wheel, keys and two fingers, on one sheet', async ({ open }) => {
  const [ada, bo] = [await open('Ada', 1), await open('Bo', 2)]
  const percent = ada.locator('tutti-board [part=zoom] .percent')
  await at(ada, (spot) => ada.mouse.click(...spot(0.5, 0.5)))
  await expectSame([ada, bo], 1)
  const [dot] = await things(ada)
  expect(Math.hypot(dot!.points[0]!, dot!.points[1]!), 'the middle of the sheet').toBeLessThan(2)
  await ada.mouse.wheel(300, 0)
  await expect.poll(() => inkAt(ada, 0.5, 0.5)).toBe(false)
  await ada.keyboard.press('0')
  await expect.poll(() => inkAt(ada, 0.5, 0.5)).toBe(true)
  await ada.keyboard.down('Control')
  await ada.mouse.wheel(0, -400)
  await ada.keyboard.up('Control')
  await expect(percent).not.toHaveText(/^\s*100/)
  await expect(bo.locator('tutti-board [part=zoom] .percent')).toHaveText(/100/)
  await drag(ada, [0.7, 0.5], [0.8, 0.5])
  await expectSame([ada, bo], 2)
  await ada.keyboard.press('0')
  await expect(percent).toHaveText(/100/)
  await pinch(ada)
  await expect(percent).not.toHaveText(/100/)
  await expectSame([ada, bo], 2)
  await ada.keyboard.press('0')
  await expect(percent).toHaveText(/100/)
  await ada.keyboard.press('1')
  await expect(percent).toHaveText(/4\d\d/)
})

test('it is saved as SVG that parses and as PNG that has its colours', async ({ open }) => {
  const ada = await open('Ada', 1)
  await ada.evaluate(() => {
    const board = document.querySelector<TuttiBoard>('tutti-board')!
    board.color = 2
    board.add('pen', [
      [0, 0],
      [300, 0],
    ])
    board.add('arrow', [
      [0, 100],
      [300, 200],
    ])
    board.add('text', [[0, 300]], '<b>&"\'</b>\nשלום')
  })
  await expect.poll(async () => (await things(ada)).length).toBe(3)
  const svg = await ada.evaluate(() => {
    const text = document.querySelector<TuttiBoard>('tutti-board')!.toSvg()
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml')
    return {
      error: parsed.querySelector('parsererror')?.textContent ?? null,
      paths: parsed.querySelectorAll('path').length,
      texts: Array.from(parsed.querySelectorAll('text'), (each) => [each.textContent, each.getAttribute('direction')]),
    }
  })
  expect(svg).toEqual({
    error: null,
    paths: 2,
    texts: [
      ['<b>&"\'</b>', null],
      ['שלום', 'rtl'],
    ],
  })
  const picture = await ada.evaluate(async () => {
    const blob = await document.querySelector<TuttiBoard>('tutti-board')!.toPng()
    const bitmap = await createImageBitmap(blob)
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
    pen.drawImage(bitmap, 0, 0)
    const line = 2 * Math.ceil(40 + 3.5 + 1)
    return {
      type: blob.type,
      width: bitmap.width,
      ink: [...pen.getImageData(300, line, 1, 1).data],
      paper: [...pen.getImageData(2, 2, 1, 1).data],
    }
  })
  expect(picture).toMatchObject({ type: 'image/png', ink: [201, 65, 44, 255], paper: [255, 254, 251, 255] })
  expect(picture.width).toBeGreaterThan(700)
  for (const kind of ['PNG', 'SVG']) {
    const [download] = await Promise.all([ada.waitForEvent('download'), press(ada, kind)])
    expect(download.suggestedFilename()).toBe(`board.${kind.toLowerCase()}`)
    expect((await readFile(await download.path())).length).toBeGreaterThan(500)
  }
})

test('one who may only look sees all, and changes nothing', async ({ open }) => {
  const [ada, bo] = [await open('Ada', 1), await open('Bo', 2, { readonly: '' })]
  await drag(ada, [0.2, 0.2], [0.4, 0.2])
  await expectSame([ada, bo], 1)
  await expect(bo.getByRole('radio')).toHaveCount(0)
  await expect(bo.getByRole('button', { name: 'Undo' })).toHaveCount(0)
  await drag(bo, [0.5, 0.5], [0.6, 0.6])
  await expect.poll(() => inkAt(bo, 0.3, 0.2)).toBe(false)
  await bo.keyboard.press('Control+a')
  await bo.keyboard.press('Delete')
  expect(await bo.evaluate(() => document.querySelector<TuttiBoard>('tutti-board')!.clear())).toBe(false)
  await drag(ada, [0.2, 0.4], [0.4, 0.4])
  await expectSame([ada, bo], 2)
})

test('it tells the page what changes', async ({ open }) => {
  const ada = await open('Ada', 1)
  await ada.evaluate(() => {
    const told: string[] = []
    Object.assign(window, { told })
    const board = document.querySelector<TuttiBoard>('tutti-board')!
    board.addEventListener('tutti-board-tool', ({ detail }) => told.push(detail.tool))
    board.addEventListener('tutti-board-change', ({ detail }) => told.push(`${detail.things.length} things`))
    board.addEventListener('tutti-board-select', ({ detail }) => told.push(`${detail.things.length} selected`))
  })
  await drag(ada, [0.2, 0.2], [0.4, 0.2])
  await ada.keyboard.press('v')
  await at(ada, (spot) => ada.mouse.click(...spot(0.3, 0.2)))
  const told = (): Promise<string[]> => ada.evaluate(() => (window as unknown as { told: string[] }).told)
  await expect.poll(told).toEqual(expect.arrayContaining(['1 things', 'select', '1 selected']))
})

test('looks right wide and narrow, light and dark, in either direction, with nothing that axe objects to', async ({
  open,
}, info) => {
  const page = await open('Ada', 1)
  await page.evaluate(() => {
    const board = document.querySelector<TuttiBoard>('tutti-board')!
    for (let color = 0; color < 8; color++) {
      board.color = color
      board.add('ellipse', [
        [-600 + 150 * color, -200],
        [-480 + 150 * color, -100],
      ])
    }
    board.add('text', [[-300, 50]], 'All together!\nכולם ביחד')
  })
  await expect.poll(async () => (await things(page)).length).toBe(9)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Control+a')
  await expectFit(page, (name) => info.outputPath(`board-${name}`))
})

declare global {
  interface Window {
    said: string[]
  }
}

/** Keeps all that is said to who does not see the board. */
function noteSaid(): void {
  window.said = []
  const place = document.querySelector('tutti-board')!.shadowRoot!.querySelector('[role=status]')!
  new MutationObserver(() => window.said.push(place.textContent!)).observe(place, {
    subtree: true,
    characterData: true,
    childList: true,
  })
}
