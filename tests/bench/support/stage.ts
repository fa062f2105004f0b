import { type Browser, chromium } from 'playwright'
import { createSignalingServer, type SignalingServer } from '../../../signaling/index.ts'
import { launchOptions } from '../../browser/support/chromium.ts'
import { type Hub, openHub } from './hub.ts'
import type { Profiler } from './profile.ts'
import { openSite, type PageName, type Site } from './site.ts'
import { type Tab, Tabs } from './tabs.ts'

export interface StageOptions {
  /** Takes profiles of what is measured. */
  readonly profiler?: Profiler | undefined
  /** Fewer messages and samples. */
  readonly quick: boolean
}

const ATTEMPTS_MAX = 3

/** What every measurement needs: the pages, a way to find each other for each candidate, and a browser. */
export class Stage implements AsyncDisposable {
  readonly profiler: Profiler | undefined
  readonly quick: boolean
  readonly #site: Site
  readonly #hub: Hub
  readonly #signaling: SignalingServer
  #browser: Browser | undefined
  #rooms = 0

  private constructor({ profiler, quick }: StageOptions, site: Site, hub: Hub, signaling: SignalingServer) {
    this.profiler = profiler
    this.quick = quick
    this.#site = site
    this.#hub = hub
    this.#signaling = signaling
  }

  static async open(options: StageOptions): Promise<Stage> {
    const site = await openSite({ readable: options.profiler !== undefined })
    // No group lives yet, so the first founder need not wait for one to come back.
    const signaling = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0 })
    return new Stage(options, site, await openHub(), signaling)
  }

  /** So many, or where it has to be quick, a fraction of it. */
  count(full: number, fraction = 1 / 2): number {
    return this.quick ? Math.ceil(full * fraction) : full
  }

  /** A new browser for what follows: what ran before leaves nothing behind. */
  async freshBrowser(): Promise<void> {
    await this.#browser?.close()
    this.#browser = await this.launch()
  }

  /** One more browser, which its caller closes. */
  launch(): Promise<Browser> {
    return chromium.launch(launchOptions())
  }

  /** Opens `count` tabs of a page in a room of their own, each in a process of its own. They are loaded, and not linked. */
  async tabs(page: PageName, count: number, params: Readonly<Record<string, string>> = {}): Promise<Tabs> {
    const room = this.room()
    const tabs = new Tabs()
    const open = (_: unknown, place: number): Promise<Tab> =>
      tabs.open(this.#browser!, this.address(page, { room, tabs: `${count}`, place: `${place}`, ...params }))
    await Promise.all(Array.from({ length: count }, open))
    return tabs
  }

  /**
   * The same, linked. Where tabs of another library do not find each other, which happens to some under load, new ones
   * try, and it is told.
   */
  async linkedTabs(
    page: PageName,
    count: number,
    params: Readonly<Record<string, string>> = {},
  ): Promise<{ tabs: Tabs; joinMs: number }> {
    for (let attempt = 1; ; attempt++) {
      const tabs = await this.tabs(page, count, params)
      try {
        return { tabs, joinMs: await tabs.join() }
      } catch (error) {
        await tabs[Symbol.asyncDispose]()
        if (page.startsWith('tutti') || attempt === ATTEMPTS_MAX) throw error
        console.log(`  ${count} tabs of ${page} did not find each other: once more`)
      }
    }
  }

  room(): string {
    return `room-${++this.#rooms}`
  }

  address(page: PageName, params: Readonly<Record<string, string>>): string {
    const signaling = `http://127.0.0.1:${this.#signaling.port}`
    return `${this.#site.address(page)}?${new URLSearchParams({ hub: this.#hub.url, signaling, ...params })}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser?.close()
    await this.#hub[Symbol.asyncDispose]()
    await this.#signaling.close()
    await this.#site[Symbol.asyncDispose]()
  }
}
