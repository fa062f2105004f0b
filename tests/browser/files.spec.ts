import type { Page } from 'playwright/test'
import type { TuttiChat, TuttiFiles, TuttiGroup, TuttiTasks } from '../../ui/index.ts'
import { expect } from './support/expect-soon.ts'
import { hostileText } from './support/hostile-text.ts'
import { test } from './support/share-test.ts'
import { size } from './support/social-test.ts'

// Files in tabs of a real browser.

const MB = 1_000_000

test('files reach all tabs byte for byte, progress is seen at both ends, and a latecomer has them [ST1]', async ({
  room,
}) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await Promise.all([ada, bo].map(noteProgress))
  const digest = await share(ada, 'film.webm', 8 * MB)
  const small = await share(bo, 'notes.txt', 12)
  await Promise.all([ada, bo].map((page) => expect.poll(() => digests(page)).toHaveLength(2)))
  expect(new Set(await digests(bo))).toEqual(new Set([digest, small]))
  for (const page of [ada, bo]) {
    const seen = await page.evaluate(() => window.progressSeen)
    expect(seen.length, 'steps between nothing and all').toBeGreaterThan(2)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  }
  const cy = await room.open('Cy')
  await expect.poll(() => size(cy)).toBe(3)
  await expect.poll(() => digests(cy)).toHaveLength(2)
  expect(await digests(cy)).toEqual(await digests(ada))
  await expect(cy.locator('tutti-files [part=file]')).toHaveCount(2)
})

test('a latecomer in the middle of a file gets it, and a chat goes on meanwhile', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  const digest = share(ada, 'film.webm', 24 * MB)
  await expect(bo.locator('tutti-files [part=file]')).toContainText('Ada sends it')
  await bo.evaluate(() => document.querySelector<TuttiChat>('tutti-chat')!.say('What is it?'))
  await expect(ada.locator('tutti-chat')).toContainText('What is it?')
  await ada.evaluate(() => document.querySelector<TuttiChat>('tutti-chat')!.say('Wait for it.'))
  await expect(bo.locator('tutti-chat')).toContainText('Wait for it.')
  expect(await digests(bo), 'it is still on its way').toEqual([])
  const cy = await room.open('Cy')
  await expect.poll(() => digests(cy), { timeout: 30_000 }).toEqual([await digest])
  await expect.poll(() => digests(bo)).toEqual([await digest])
})

test('one that is cancelled half way comes to nothing, and what is behind it goes on', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  void share(ada, 'film.webm', 60 * MB)
  await expect.poll(() => half(bo)).toBeGreaterThan(0.2)
  const next = await share(ada, 'notes.txt', 12)
  await expect(ada.locator('tutti-files')).toContainText('waits for the file before it')
  // At once, before all of it is sent.
  await ada.getByRole('button', { name: 'Cancel film.webm' }).dispatchEvent('click')
  await expect.poll(() => digests(bo)).toEqual([next])
  await expect(bo.locator('tutti-files [part=list]')).not.toContainText('film.webm')
  await expect(ada.locator('tutti-files [part=list]')).not.toContainText('film.webm')
})

test('one over a limit is refused in words before anything is sent', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  expect(await share(ada, 'film.webm', 64 * MB + 1)).toBe('')
  const refusals = ada.getByRole('alert')
  await expect(refusals).toContainText('“film.webm” is too large: a little more than 64 MB. It was not sent.')
  await ada.locator('tutti-files').evaluate((element) => element.setAttribute('max-bytes', '1000'))
  await share(ada, 'one.txt', 600)
  await share(ada, 'two.txt', 600)
  await expect(refusals).toContainText('“two.txt” has 600 bytes; of 1 kB for all files 400 bytes are free.')
  await expect.poll(() => digests(bo)).toHaveLength(1)
  await ada.getByRole('button', { name: 'Dismiss' }).click()
  await expect(refusals).toBeEmpty()
  await expect(ada.locator('tutti-files [part=choose]')).toBeFocused()
})

test('of two that are offered at once one has the room that is left, everywhere the same', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  for (const page of [ada, bo]) {
    await page.locator('tutti-files').evaluate((element) => element.setAttribute('max-bytes', '1000'))
  }
  await Promise.all([share(ada, 'ada.bin', 600), share(bo, 'bo.bin', 600)])
  await Promise.all([ada, bo].map((page) => expect.poll(() => digests(page)).toHaveLength(1)))
  expect(await digests(ada)).toEqual(await digests(bo))
  const refused = await Promise.all([ada, bo].map((page) => page.getByRole('alert').textContent()))
  expect(refused.filter((text) => text?.includes('are free. Remove some first.'))).toHaveLength(1)
})

test('anyone may remove a file, when asked again, and its room is free', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await share(ada, 'notes.txt', 12)
  await bo.getByRole('button', { name: 'Remove notes.txt' }).click()
  await expect(bo.getByRole('button', { name: 'Keep' })).toBeFocused()
  await bo.keyboard.press('Escape')
  await expect(bo.getByRole('button', { name: 'Remove notes.txt' })).toBeFocused()
  await bo.getByRole('button', { name: 'Remove notes.txt' }).click()
  await bo.getByRole('button', { name: 'Remove', exact: true }).click()
  await Promise.all([ada, bo].map((page) => expect.poll(() => digests(page)).toEqual([])))
  await expect(ada.locator('tutti-files')).toContainText('No files yet.')
})

test('a file of one who crashed half way takes no room', async ({ room, browser }) => {
  const [ada] = await room.together('Ada')
  const context = await browser.newContext()
  const bo = await context.newPage()
  await bo.goto(ada.url().replace('Ada', 'Bo'))
  await expect.poll(() => size(ada)).toBe(2)
  void share(bo, 'film.webm', 40 * MB).catch(() => {})
  await expect.poll(() => half(ada)).toBeGreaterThan(0.05)
  await crash(bo)
  await expect(ada.locator('tutti-files [part=list]')).not.toContainText('film.webm')
  await expect(ada.locator('tutti-files')).not.toContainText('free')
  await context.close()
})

test('what is shared and written while the group is blocked waits, says so, and is there when it goes on [PT2]', async ({
  room,
  browser,
}) => {
  const [ada] = await room.together('Ada')
  const contexts = await Promise.all(['Bo', 'Cy'].map(() => browser.newContext()))
  const guests = await Promise.all(contexts.map((context) => context.newPage()))
  for (const [index, guest] of guests.entries()) await guest.goto(ada.url().replace('Ada', `Guest${index}`))
  await expect.poll(() => size(ada)).toBe(3)
  await Promise.all(guests.map(crash))
  await expect.poll(() => status(ada), { timeout: 20_000 }).toBe('blocked')
  const digest = await share(ada, 'notes.txt', 12)
  await ada.evaluate(() => void document.querySelector<TuttiTasks>('tutti-tasks')!.addCard('Wait'))
  await expect(ada.locator('tutti-files')).toContainText('12 bytes · waits until the group goes on')
  await expect(ada.locator('tutti-tasks')).toContainText('One change waits until the group goes on.')
  await expect(ada.locator('tutti-tasks [part=card]')).toContainText('Wait')

  await ada.evaluate(() => document.querySelector<TuttiGroup>('tutti-group')!.group!.fork())
  await expect.poll(() => digests(ada)).toEqual([digest])
  await expect(ada.locator('tutti-files')).not.toContainText('waits')
  await expect(ada.locator('tutti-tasks')).not.toContainText('waits')
  const dan = await room.open('Dan')
  await expect.poll(() => digests(dan)).toEqual([digest])
  await expect(dan.locator('tutti-tasks [part=card]')).toContainText('Wait')
  await Promise.all(contexts.map((context) => context.close()))
})

test('a name is text, cut, and leads nowhere; what is not a picture is not shown as one', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await share(ada, `../../${hostileText}.html`, 12, 'text/html')
  await share(ada, 'fake.png', 12, 'image/png')
  await ada.evaluate(sharePicture)
  await expect.poll(() => digests(bo)).toHaveLength(3)
  const [hostile, fake, picture] = await bo.locator('tutti-files [part=file]').all()
  await expect(hostile!.locator('.name')).toContainText('<img src=x')
  const name = (await hostile!.locator('.name').textContent())!
  expect([...name].length).toBeLessThanOrEqual(80)
  expect(name).toMatch(/x…\.html$/)
  const saved = (await hostile!.locator('a').getAttribute('download'))!
  expect(saved).not.toMatch(/[/\\<>\u202e\n]|^\./)
  expect(saved).toMatch(/….html$/)
  await expect(hostile!.locator('img')).toHaveCount(0)
  await expect(fake!.locator('img')).toHaveCount(0)
  await expect(picture!.locator('img')).toBeVisible()
  await expect(bo).not.toHaveTitle('broken')
  // Followed like any link, it is saved, not shown.
  const type = await hostile!
    .locator('a')
    .evaluate(async (link: HTMLAnchorElement) => (await (await fetch(link.href)).blob()).type)
  expect(type).toBe('application/octet-stream')
  const [download] = await Promise.all([bo.waitForEvent('download'), hostile!.locator('a').click()])
  expect(download.suggestedFilename()).toMatch(/\.html$/)
})

test('what is dropped, chosen or pasted is shared, and the area says that it takes it', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await ada
    .locator('tutti-files input[type=file]')
    .setInputFiles({ name: 'chosen.txt', mimeType: 'text/plain', buffer: Buffer.from('chosen') })
  for (const type of ['drop', 'paste'] as const) await ada.evaluate(bring, type)
  await expect(ada.locator('tutti-files .drop')).not.toHaveClass(/over/)
  await expect(bo.locator('tutti-files [part=file] .name')).toHaveText(['chosen.txt', 'drop.txt', 'paste.txt'])
})

test('look right wide and narrow, light and dark, with files here and on their way', async ({ room }, info) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await ada.evaluate(sharePicture)
  await share(bo, 'Programme for the evening, with all changes since Tuesday, second draft.pdf', 45_321)
  await share(ada, 'empty.txt', 0)
  await expect.poll(() => digests(ada)).toHaveLength(3)
  await share(ada, 'too-large.mov', 64 * MB + 1)
  await ada.getByRole('button', { name: 'Remove empty.txt' }).click()
  await ada.locator('tutti-files').evaluate((element) => element.scrollIntoView())
  void share(bo, 'rehearsal.wav', 30 * MB)
  void share(ada, 'film.webm', 60 * MB)
  void share(ada, 'scores.zip', 2 * MB)
  await expect.poll(() => half(ada)).toBeGreaterThan(0.02)
  for (const width of [390, 1440]) {
    await ada.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await ada.emulateMedia({ colorScheme })
      expect(await ada.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      await ada.screenshot({ path: info.outputPath(`files-${width}-${colorScheme}.png`), animations: 'disabled' })
    }
  }
})

declare global {
  interface Window {
    progressSeen: number[]
  }
}

/** Shares bytes that follow from nothing but chance; gives their SHA-256, or nothing if they are refused. */
function share(page: Page, name: string, bytes: number, type = 'application/pdf'): Promise<string> {
  return page.evaluate(
    async ([title, count, media]) => {
      const content = new Uint8Array(count)
      for (let from = 0; from < count; from += 65_536) crypto.getRandomValues(content.subarray(from, from + 65_536))
      const [id] = document
        .querySelector<TuttiFiles>('tutti-files')!
        .share([new File([content], title, { type: media })])
      if (id === undefined) return ''
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
      return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    },
    [name, bytes, type] as const,
  )
}

/** SHA-256 of each file that is here. */
function digests(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Promise.all(
      document.querySelector<TuttiFiles>('tutti-files')!.files.map(async ({ content }) => {
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await content.arrayBuffer()))
        return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      }),
    ),
  )
}

/** Ends a page without a word. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  session.send('Page.crash').catch(() => {})
  await crashed
}

function status(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.querySelector<TuttiGroup>('tutti-group')!.group?.status)
}

/** How far the first file on its way is, of 1. */
function half(page: Page): Promise<number> {
  return page.evaluate(() => {
    const bar = document.querySelector('tutti-files')!.shadowRoot!.querySelector('progress')
    return bar === null ? 0 : bar.value / bar.max
  })
}

/** Keeps what the progress bar shows. */
function noteProgress(page: Page): Promise<void> {
  return page.evaluate(() => {
    const seen: number[] = []
    window.progressSeen = seen
    const root = document.querySelector('tutti-files')!.shadowRoot!
    new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true })
    function look(): void {
      const bar = root.querySelector('progress')
      if (bar !== null && bar.max > 1_000_000 && bar.value !== seen.at(-1)) seen.push(bar.value)
    }
  })
}

async function sharePicture(): Promise<void> {
  const canvas = new OffscreenCanvas(64, 64)
  const context = canvas.getContext('2d')!
  for (const [index, color] of ['#2b65d0', '#c9412c', '#1f7a50', '#f0b94a'].entries()) {
    context.fillStyle = color
    context.fillRect((index % 2) * 32, index > 1 ? 32 : 0, 32, 32)
  }
  const file = new File([await canvas.convertToBlob()], 'stage.png', { type: 'image/png' })
  document.querySelector<TuttiFiles>('tutti-files')!.share([file])
}

function bring(type: 'drop' | 'paste'): void {
  const data = new DataTransfer()
  data.items.add(new File([type], `${type}.txt`))
  const element = document.querySelector('tutti-files')!
  const common = { bubbles: true, cancelable: true }
  if (type === 'paste') element.dispatchEvent(new ClipboardEvent(type, { ...common, clipboardData: data }))
  else {
    element.dispatchEvent(new DragEvent('dragover', { ...common, dataTransfer: data }))
    element.dispatchEvent(new DragEvent(type, { ...common, dataTransfer: data }))
  }
}
