import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { type Browser, type BrowserContext, test as base, expect, type Locator, type Page } from 'playwright/test'
import { createSignalingServer, type SignalingServer } from '../../signaling/index.ts'
import type {} from './pages/yjs-editor-page.ts'
import { contextOptions } from './support/chromium.ts'
import { type Site, serveScript } from './support/site.ts'

const script = fileURLToPath(new URL('pages/yjs-editor-page.ts', import.meta.url))

interface Wishes {
  readonly name?: string
  readonly color?: number
  readonly docs?: readonly string[]
  readonly room?: string
}

/** Tabs with editors, each a context of its own. */
class Desk {
  readonly faults: string[] = []
  readonly #browser: Browser
  readonly #site: Site
  readonly #server: SignalingServer
  readonly #contexts: BrowserContext[] = []

  constructor(browser: Browser, site: Site, server: SignalingServer) {
    this.#browser = browser
    this.#site = site
    this.#server = server
  }

  async tab({ name = 'Ada', color = 1, docs = [''], room = 'room' }: Wishes = {}): Promise<Page> {
    const context = await this.#browser.newContext(contextOptions())
    this.#contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => this.faults.push(`${name}: ${error.stack}`))
    page.on('console', (message) => message.type() === 'error' && this.faults.push(`${name}: ${message.text()}`))
    const asked = new URLSearchParams({
      signaling: `http://127.0.0.1:${this.#server.port}`,
      room,
      name,
      color: `${color}`,
    })
    for (const doc of docs) asked.append('doc', doc)
    await page.goto(`${this.#site.address}?${asked}`)
    return page
  }

  async close(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()))
  }
}

const test = base.extend<{ desk: Desk }, { site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveScript(script)
      await use(site)
    },
    { scope: 'worker' },
  ],
  desk: async ({ browser, site }, use) => {
    const server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0 })
    const desk = new Desk(browser, site, server)
    await use(desk)
    await desk.close()
    await server.close()
    expect(desk.faults).toEqual([])
  },
})

const text = (page: Page): Locator => page.getByRole('textbox').first()

async function writable(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) await expect(text(page)).not.toHaveAttribute('aria-readonly', 'true')
}

async function shows(pages: readonly Page[], expected: string): Promise<void> {
  for (const page of pages) {
    await expect.poll(() => page.evaluate(() => document.querySelector('tutti-editor')!.text)).toBe(expected)
  }
}

test('two write in one text, see each other, and undo their own only', async ({ desk }) => {
  const [ada, ben] = [await desk.tab(), await desk.tab({ name: 'Ben <b>', color: 2 })]
  await writable(ada, ben)
  await text(ada).click()
  await ada.keyboard.type('Hello')
  await shows([ada, ben], 'Hello')
  await text(ben).click()
  await ben.keyboard.press('Control+End')
  await ben.keyboard.type(' world')
  await shows([ada, ben], 'Hello world')
  const caret = ada.locator('.tutti-caret-name')
  await expect(caret).toHaveText('Ben <b>')
  await expect(ben.locator('.tutti-caret-name')).toHaveText('Ada')
  await ben.keyboard.press('Shift+Control+ArrowLeft')
  await expect(ada.locator('.tutti-selection')).toHaveText('world')
  await ada.keyboard.press('Control+z')
  await shows([ada, ben], ' world')
  await ada.keyboard.press('Control+y')
  await shows([ada, ben], 'Hello world')
  await ben.evaluate(() => document.querySelector('tutti-editor')!.undo())
  await shows([ada, ben], 'Hello')
})

test('a latecomer has the text and the carets; those of one who goes are gone', async ({ desk }) => {
  const [ada, ben] = [await desk.tab(), await desk.tab({ name: 'Ben', color: 2 })]
  await writable(ada, ben)
  await text(ada).click()
  await ada.keyboard.type('one\ntwo')
  await shows([ada, ben], 'one\ntwo')
  const cyd = await desk.tab({ name: 'Cyd', color: 3 })
  await shows([cyd], 'one\ntwo')
  await expect(cyd.locator('.tutti-caret-name')).toHaveText('Ada')
  await ada.close()
  for (const page of [ben, cyd]) await expect(page.locator('.tutti-caret')).toHaveCount(0)
  await writable(cyd)
  await text(cyd).click()
  await cyd.keyboard.press('Control+End')
  await cyd.keyboard.type('!')
  await shows([ben, cyd], 'one\ntwo!')
})

test('several texts of one group are apart, and come late, go and come back', async ({ desk }) => {
  const [ada, ben] = [await desk.tab({ docs: ['notes', 'plan'] }), await desk.tab({ name: 'Ben', docs: ['notes'] })]
  await writable(ada, ben)
  await ada.getByRole('textbox', { name: 'Text plan' }).click()
  await ada.keyboard.type('the plan')
  await text(ada).click()
  await ada.keyboard.type('the notes')
  await shows([ben], 'the notes')
  await ben.evaluate(() => window.editors.add('plan'))
  await expect(ben.getByRole('textbox', { name: 'Text plan' })).toHaveText('the plan')
  await ben.evaluate(() => {
    const [notes] = document.querySelectorAll('tutti-editor')
    notes!.remove()
    window.editors.group.append(notes!)
  })
  await ada.keyboard.type(', more')
  const notes = (): Promise<string> => ben.evaluate(() => [...document.querySelectorAll('tutti-editor')].at(-1)!.text)
  await expect.poll(notes).toBe('the notes, more')
  await ben.evaluate(() => {
    document.querySelector('tutti-editor')!.doc = 'notes'
  })
  await shows([ben], 'the notes, more')
})

test('markup, marks and line ends of all kinds are text, and do no harm', async ({ desk }) => {
  const [ada, ben] = [await desk.tab(), await desk.tab({ name: 'Ben' })]
  await writable(ada, ben)
  const strange = '<img src=x onerror=alert(1)>\r\n\u202eright\u0007 to left\u2028'
  await ada.evaluate((value) => document.querySelector('tutti-editor')!.ytext!.insert(0, value), strange)
  await shows([ada, ben], strange)
  await ben.evaluate(() => document.querySelector('tutti-editor')!.ytext!.insertEmbed(3, { image: 'x' }))
  const embedded = `${strange.slice(0, 3)}\ufffc${strange.slice(3)}`
  await shows([ada, ben], embedded)
  await text(ben).click()
  await ben.keyboard.press('Control+End')
  await ben.keyboard.type('end')
  await shows([ada, ben], `${embedded}end`)
  expect(await ben.locator('img[src=x]').count()).toBe(0)
})

test('is reached and left by keys, named, and read only when told so', async ({ desk }) => {
  const page = await desk.tab()
  await writable(page)
  await page.keyboard.press('Tab')
  await page.keyboard.type('typed')
  await shows([page], 'typed')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.localName)).not.toBe('tutti-editor')
  await expect(page.getByRole('textbox', { name: 'Text' })).toHaveAttribute('aria-multiline', 'true')
  await page.evaluate(() => document.querySelector('tutti-editor')!.toggleAttribute('readonly'))
  await expect(text(page)).toHaveAttribute('aria-readonly', 'true')
  await text(page).click()
  await page.keyboard.type('not')
  await shows([page], 'typed')
})

test('names of carets go where motion is not wanted, too', async ({ desk }) => {
  const [ada, ben] = [await desk.tab(), await desk.tab({ name: 'Ben' })]
  await writable(ada, ben)
  await ada.emulateMedia({ reducedMotion: 'reduce' })
  await text(ben).click()
  await expect(ada.locator('.tutti-caret-name')).toHaveCSS('opacity', '1')
  await expect(ada.locator('.tutti-caret-name')).toHaveCSS('opacity', '0')
})

test('one that is taken out of the page leaves no listener behind, and works when it is back', async ({ desk }) => {
  const page = await desk.tab()
  // The client of the server listens to the window, too: it is loaded when it is needed, and is here from now on.
  await expect.poll(() => page.evaluate(() => window.editors.group.host.phase)).toBe('joined')
  await page.evaluate(() => {
    const kept = new Set<unknown>()
    const { addEventListener, removeEventListener } = window
    window.addEventListener = (...args: unknown[]) => {
      kept.add(args[1])
      addEventListener.apply(window, args as never)
    }
    window.removeEventListener = (...args: unknown[]) => {
      kept.delete(args[1])
      removeEventListener.apply(window, args as never)
    }
    Object.assign(window, { kept })
    window.editors.add('later')
  })
  const kept = (): Promise<number> => page.evaluate(() => (window as unknown as { kept: Set<unknown> }).kept.size)
  const later = page.getByRole('textbox', { name: 'Text later' })
  await later.fill('kept')
  expect(await kept()).toBeGreaterThan(0)
  await page.evaluate(() => {
    const editor = [...document.querySelectorAll('tutti-editor')].at(-1)!
    editor.remove()
    Object.assign(window, { editor })
  })
  expect(await kept()).toBe(0)
  await page.evaluate(() => window.editors.group.append((window as unknown as { editor: Element }).editor))
  await expect(later).toHaveText('kept')
  await later.press('Control+z')
  await expect(later).not.toHaveText('kept')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe objects to nothing, with another's caret in the text and without any text (${colorScheme})`, async ({
    desk,
  }) => {
    const [ada, ben] = [await desk.tab(), await desk.tab({ name: 'Ben', color: 2 })]
    await writable(ada, ben)
    await ada.emulateMedia({ colorScheme })
    await ada.evaluate(axe.source)
    const faults = (): Promise<string[]> =>
      ada.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run('tutti-editor')
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      })
    expect(await faults()).toEqual([])
    await text(ben).click()
    await ben.keyboard.type('Some text, 123')
    await expect(ada.locator('.tutti-caret-name')).toHaveText('Ben')
    expect(await faults()).toEqual([])
  })
}
