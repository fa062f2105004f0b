import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, expect, type Locator, type Page, test } from 'playwright/test'
import type { TuttiGroup } from '../../ui/index.ts'

// What a visitor of the demo is told when links break, in tabs of a real browser.

let demo: ChildProcess
let address: string

test.beforeAll(async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  demo = spawn(process.execPath, ['--import', 'tsx', 'demo/start.ts'], {
    cwd: root,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  address = (await once(createInterface(demo.stdout!), 'line'))[0]
})

test.afterAll(async () => {
  demo.kill()
  await once(demo, 'exit')
})

test('a page that is cut off says so, goes on alone, and is put together with the others again [PT2, PT3, PT4]', async ({
  context,
}, info) => {
  const [ada, , cleo] = (await open(context)) as [Page, Page, Page]
  const shoot = async (name: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await cleo.emulateMedia({ colorScheme })
      await cleo.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`), animations: 'disabled' })
    }
  }
  await cleo.bringToFront()
  await cleo.evaluate('cutOff(true)')
  await expect(status(cleo)).toHaveText('Too many people are out of reach to go on. What you write waits.', wait)
  await expect(cleo.locator('tutti-roster')).toContainText('does not answer')
  await say(cleo, 'Is anyone there?')
  await expect(status(cleo)).toContainText('1 message so far', wait)
  await shoot('blocked')

  await cleo.getByRole('button', { name: 'Go on without them' }).press('Enter')
  await expect(status(cleo)).toContainText('Only you here. You went on without the others', wait)
  await expect(cleo.locator('tutti-chat [part=log]')).toContainText('Is anyone there?')
  await expect(status(ada)).toHaveText('2 people here', wait)
  await expect(ada.locator('tutti-roster')).toContainText('out of reach')
  await say(ada, 'We go on.')
  await shoot('forked')

  await cleo.evaluate('cutOff(false)')
  await expect(status(cleo)).toContainText('3 people here. Back together with the others. 1 message', wait)
  await shoot('merged')
  for (const page of [ada, cleo]) {
    await expect(page.locator('tutti-chat [part=log]')).toContainText('Is anyone there?', wait)
    await expect(page.locator('tutti-chat [part=log]')).toContainText('We go on.')
    await expect(page.locator('tutti-roster [part=member]')).toHaveCount(3)
  }
})

const wait = { timeout: 30_000 }

/** Three tabs of one room, whose links can be cut. */
async function open(context: BrowserContext): Promise<Page[]> {
  await context.addInitScript({ content: cutting })
  const pages: Page[] = []
  for (let i = 1; i <= 3; i++) {
    const page = await context.newPage()
    await page.goto(`${address}?room=faults`)
    await expect
      .poll(() => page.evaluate(() => document.querySelector<TuttiGroup>('tutti-group')?.group?.view.members.length))
      .toBe(i)
    pages.push(page)
  }
  return pages
}

/** Gives a page `cutOff`, which breaks its links to all others and lets no new one come up until it is taken back. */
const cutting = `
  const made = []
  let isCut = false
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options)
      made.push(this)
    }
    setRemoteDescription(...description) {
      return isCut ? new Promise(() => {}) : super.setRemoteDescription(...description)
    }
  }
  window.cutOff = (cut) => {
    isCut = cut
    for (const connection of made.splice(0)) connection.close()
  }
`

function status(page: Page): Locator {
  return page.locator('tutti-status [part=text]')
}

async function say(page: Page, text: string): Promise<void> {
  const input = page.locator('tutti-chat input')
  await input.fill(text)
  await input.press('Enter')
}
