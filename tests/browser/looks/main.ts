import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { look, looks, pictured, pictureScale } from '../support/all-pages.ts'
import { type BuiltSite, buildSite } from '../support/built-site.ts'
import { contextOptions, launchOptions } from '../support/chromium.ts'

// `npm run looks`: renews the pictures of all pages, to be looked at and kept, and says how soon the room can be used.

const folder = fileURLToPath(new URL('../references/', import.meta.url))
const loads = 7

mkdirSync(folder, { recursive: true })
await using site = await buildSite()
const browser = await chromium.launch(launchOptions())
try {
  const taken = await takeAll(browser, site)
  for (const name of readdirSync(folder)) if (!taken.has(name)) rmSync(`${folder}${name}`)
  console.log(`${taken.size} pictures in tests/browser/references: look at them before you keep them`)
  console.log(await interactive(browser, site))
} finally {
  await browser.close()
}

async function takeAll(browser: Browser, site: BuiltSite): Promise<Set<string>> {
  const taken = new Set<string>()
  for (const { width, height, colorScheme } of looks) {
    for (const sight of pictured()) {
      const context = await browser.newContext({
        ...contextOptions(),
        viewport: { width, height },
        deviceScaleFactor: pictureScale,
        colorScheme,
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      await look(page, site, sight)
      const name = `${sight.name}-${width}-${colorScheme}.png`
      await page.screenshot({ path: `${folder}${name}`, animations: 'disabled', caret: 'hide' })
      taken.add(name)
      await context.close()
    }
  }
  return taken
}

/** From the start of the navigation until a chat line can be written: the room is joined by then, alone. */
async function interactive(browser: Browser, site: BuiltSite): Promise<string> {
  const tookMs: number[] = []
  for (let load = 0; load < loads; load++) {
    const context = await browser.newContext(contextOptions())
    const page = await context.newPage()
    await page.goto(`${site.address}index.html?room=soon-${load}`, { waitUntil: 'commit' })
    await page.locator('tutti-chat [part~=input]:enabled').first().waitFor()
    tookMs.push(await page.evaluate(() => performance.now()))
    await context.close()
  }
  const [least, median, most] = [0, Math.floor(loads / 2), loads - 1].map((at) => sorted(tookMs)[at]!.toFixed(0))
  return `The room can be used after ${median} ms (${least} to ${most} ms in ${loads} loads); aimed at: 1000 ms`
}

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b)
}
