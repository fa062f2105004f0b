import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright/test'
import { expect, test } from './support/site-test.ts'

// The page of ten lines, against the built files.

test('the ten lines are a chat in two tabs', async ({ context, site }) => {
  const source = readFileSync(`${site.folder}/embed.html`, 'utf8')
  expect(source.trim().split('\n')).toHaveLength(10)
  expect(source.match(/<script/g)).toHaveLength(1)
  const [first, second] = [await context.newPage(), await context.newPage()]
  const asked = requests(context)
  for (const page of [first, second]) await page.goto(`${site.address}embed.html`)
  await talk(first, second)
  expect(asked.filter((url) => url.endsWith('/local.js'))).toEqual([])
})

test('a part of the page that does not come at first is asked for again', async ({ context, site }) => {
  const [first, second] = [await context.newPage(), await context.newPage()]
  await first.route('**/tutti-chat-parts/socket-io.js', (route) => route.abort(), { times: 1 })
  for (const page of [first, second]) await page.goto(`${site.address}embed.html`)
  await talk(first, second)
})

test('without a server, in tabs of one browser', async ({ context, site }) => {
  const room = 'room="embed" signaling="local:embed"'
  const source = readFileSync(`${site.folder}/embed.html`, 'utf8').replace('room="embed"', room)
  expect(source).toContain('local:embed')
  const asked = requests(context)
  const open = async (): Promise<Page> => {
    const page = await context.newPage()
    await page.route(`${site.address}local.html`, (route) => route.fulfill({ contentType: 'text/html', body: source }))
    await page.goto(`${site.address}local.html`)
    return page
  }
  await talk(await open(), await open())
  expect(asked.filter((url) => /socket[.-]io/.test(url))).toEqual([])
})

test('a browser without WebRTC is told so', async ({ page, site }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'))
  await page.goto(`${site.address}embed.html`)
  await expect(page.locator('tutti-status')).toContainText('WebRTC')
})

/** The addresses that pages ask for from now on. */
function requests(context: BrowserContext): readonly string[] {
  const asked: string[] = []
  context.on('request', (request) => asked.push(request.url()))
  return asked
}

async function talk(first: Page, second: Page): Promise<void> {
  for (const page of [first, second]) await expect(page.locator('tutti-status')).toContainText('2 people here')
  await say(first, 'Is anybody there? <b>')
  await expect(second.locator('tutti-chat')).toContainText('Is anybody there? <b>')
  await say(second, 'I am.')
  await expect(first.locator('tutti-chat')).toContainText('I am.')
}

async function say(page: Page, text: string): Promise<void> {
  const input = page.getByRole('textbox')
  await input.fill(text)
  await input.press('Enter')
}
