import type { Browser, BrowserContext, CDPSession, Page } from 'playwright'
import { contextOptions } from '../../browser/support/chromium.ts'
import type {} from '../pages/meter.ts'
import { defer } from './deferred.ts'

export interface Tab {
  readonly place: number
  readonly page: Page
  readonly cdp: CDPSession
}

/** The tabs of one measurement. */
export class Tabs implements AsyncDisposable {
  readonly list: Tab[] = []
  readonly #contexts: BrowserContext[] = []
  readonly #failure = defer<never>()

  constructor() {
    // It is looked at only while something is awaited.
    this.#failure.promise.catch(() => {})
  }

  /** One more, in a context of its own: neither a process nor a BroadcastChannel is shared. */
  async open(browser: Browser, address: string): Promise<Tab> {
    const context = await browser.newContext(contextOptions())
    this.#contexts.push(context)
    const page = await context.newPage()
    const place = Number(new URL(address).searchParams.get('place'))
    page.on('pageerror', (error) => this.#failure.reject(new Error(`tab ${place}: ${error.stack ?? error}`)))
    page.on('crash', () => this.#failure.reject(new Error(`tab ${place} crashed`)))
    const tab = { place, page, cdp: await context.newCDPSession(page) }
    this.list.push(tab)
    this.list.sort((a, b) => a.place - b.place)
    await page.goto(address)
    await page.waitForFunction(() => 'bench' in window)
    return tab
  }

  /** Resolves when all are linked: to how long that took, in ms. */
  async join(): Promise<number> {
    const start = performance.now()
    await this.within(
      'linked',
      30_000,
      Promise.all(this.list.map(({ page }) => page.evaluate(() => window.bench.join()))),
    )
    return performance.now() - start
  }

  /** What it resolves to. Rejects as soon as it or a page fails, and after `limitMs`, with what each page says of itself. */
  async within<T>(what: string, limitMs: number, wanted: Promise<T>): Promise<T> {
    const late = defer<never>()
    const timer = setTimeout(() => late.reject(new Error(`not within ${limitMs} ms`)), limitMs)
    try {
      return await Promise.race([wanted, this.#failure.promise, late.promise])
    } catch (error) {
      throw new Error(`${what}: ${await this.#standing()}`, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()))
  }

  async #standing(): Promise<string> {
    const asked = this.list.map(({ page }) => page.evaluate(() => window.bench.standing()))
    const answers = await Promise.all(asked.map((answer) => Promise.race([answer.catch(String), silence()])))
    return answers.map((answer, place) => `\n  tab ${place}: ${answer}`).join('')
  }
}

/** A page that hangs does not say where it stands. */
function silence(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('no answer'), 1_000))
}
