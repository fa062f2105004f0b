import { setTimeout as elapse } from 'node:timers/promises'
import { openHub } from '../bench/support/hub.ts'
import { Browser } from '../chaos/support/browser.ts'
import type { Network } from '../chaos/support/network.ts'
import { Server } from '../chaos/support/server.ts'
import { type Report, Tab } from './tab.ts'

export const libraries = ['tutti', 'y-webrtc'] as const
export type Library = (typeof libraries)[number]

export interface SceneOptions {
  readonly library: Library
  /** Address of the page. */
  readonly page: string
  /** Where tabs live, one each; without one they all live on this machine. */
  readonly network: Network | undefined
}

interface Introducer extends AsyncDisposable {
  readonly address: string
}

/** Tabs of one library, each in a browser of its own, and the server by which they find each other. */
export class Scene implements AsyncDisposable {
  readonly tabs: Tab[] = []
  readonly #options: SceneOptions
  readonly #server: Introducer
  readonly #browsers: Browser[] = []

  private constructor(options: SceneOptions, server: Introducer) {
    this.#options = options
    this.#server = server
  }

  static async open(options: SceneOptions): Promise<Scene> {
    const host = options.network?.gateway ?? '127.0.0.1'
    if (options.library === 'tutti') return new Scene(options, await Server.start(host))
    const hub = await openHub(host)
    return new Scene(options, { address: hub.url, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() })
  }

  /** Resolves when its page is loaded, with so many bytes in its document; it joins by itself. */
  async tab(fillBytes = 0): Promise<Tab> {
    const { library, page, network } = this.#options
    const browser = await Browser.launch(network?.hosts[this.#browsers.length])
    this.#browsers.push(browser)
    const name = `${'abcdefgh'[this.tabs.length]}`
    const { address } = this.#server
    const asked = new URLSearchParams({ library, name, fill: `${fillBytes}`, signaling: address, hub: address })
    const tab = await Tab.open(name, browser, `${page}?${asked}`)
    this.tabs.push(tab)
    return tab
  }

  /** So many, all linked. */
  async group(count: number): Promise<Tab[]> {
    for (let n = 0; n < count; n++) await this.tab()
    await this.linked(this.tabs)
    return [...this.tabs]
  }

  async linked(tabs: readonly Tab[], limitMs = 30_000): Promise<void> {
    const isLinked = async (): Promise<boolean> =>
      (await Promise.all(tabs.map((tab) => tab.others()))).every((others) => others === tabs.length - 1)
    await until('all linked', limitMs, isLinked)
  }

  /** Resolves to how long it took until all had the same, or to what each had in the end if they never did. */
  async converged(tabs: readonly Tab[], limitMs: number): Promise<{ tookMs: number | undefined; reports: Report[] }> {
    const started = performance.now()
    for (;;) {
      const reports = await Promise.all(tabs.map((tab) => tab.report()))
      const isSame = reports.every((one) => JSON.stringify(one) === JSON.stringify(reports[0]) && !one.waits)
      const tookMs = performance.now() - started
      if (isSame) return { tookMs, reports }
      if (tookMs > limitMs) return { tookMs: undefined, reports }
      await elapse(Math.min(200, tookMs))
    }
  }

  /** Nothing passes between this tab and all others, the server included. */
  isolate(tab: Tab): void {
    const { network } = this.#options
    const host = tab.browser.host
    if (network === undefined || host === undefined) throw new Error('links can be cut in a network of namespaces only')
    for (const { browser } of this.tabs) {
      if (browser.host === undefined || browser.host === host) continue
      network.cut(browser.host, host)
      network.cut(host, browser.host)
    }
    network.cutServer(host)
  }

  heal(): void {
    this.#options.network?.heal()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.heal()
    await Promise.all(this.#browsers.map((browser) => browser[Symbol.asyncDispose]()))
    await this.#server[Symbol.asyncDispose]()
  }
}

/** Looks until it is so. Rejects after `limitMs`. */
export async function until(what: string, limitMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`)
    await elapse(20)
  }
}
