import type { BrowserContext, Page } from 'playwright/test'
import type { SignalingState } from '../../../peer/index.ts'
import type { Install, TraceEvent } from '../../checkers/trace.ts'
import type {} from '../pages/group-page.ts'

/** What a page says of itself. */
export type PageReport = ReturnType<Window['member']['report']>

export interface TabOptions {
  readonly name: string
  readonly room: string
  readonly context: BrowserContext
  /** Address of the page, with all that it needs to know. */
  readonly address: string
  /** Takes what the page traces, as it happens. */
  trace(events: readonly TraceEvent[]): void
}

/** One tab, seen from outside: what it traces, what it reports, and the ways in which it ends. */
export class Tab {
  readonly name: string
  readonly room: string
  readonly page: Page
  /** The view that it installed last; undefined until there is one, and again after a reload. */
  view: Install | undefined
  /** Deliveries that it traced, over all its pages. */
  delivered = 0
  /** How many lines of its present page are here. */
  lines = 0
  /** Errors that nobody caught in it. */
  readonly uncaught: string[] = []
  /** The member ids of all its pages that are gone, and how they went. */
  readonly ended = new Map<string, 'closing' | 'killed'>()

  private constructor({ name, room }: TabOptions, page: Page) {
    this.name = name
    this.room = room
    this.page = page
  }

  /** Resolves when the page is loaded; it joins by itself. */
  static async open(options: TabOptions): Promise<Tab> {
    const page = await options.context.newPage()
    const tab = new Tab(options, page)
    page.on('pageerror', (error) => tab.uncaught.push(`${tab.name}: ${error.stack ?? error}`))
    // A plain binding, not `exposeFunction`: that answers each call, which is more than many tabs under load can bear.
    const session = await options.context.newCDPSession(page)
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name !== 'traced') return
      const events = JSON.parse(payload) as TraceEvent[]
      for (const event of events) tab.#take(event)
      options.trace(events)
    })
    await session.send('Runtime.enable')
    await session.send('Runtime.addBinding', { name: 'traced' })
    await page.goto(options.address)
    return tab
  }

  /** As long as it is in a view: its id there. */
  get member(): string | undefined {
    return this.view?.peer
  }

  get size(): number {
    return this.view?.members.length ?? 0
  }

  joined(): Promise<void> {
    return this.page.evaluate(() => window.member.joined)
  }

  burst(count: number): Promise<void> {
    return this.page.evaluate((n) => window.member.burst(n), count)
  }

  startLoad(intervalMs: number): Promise<void> {
    return this.page.evaluate((ms) => window.member.startLoad(ms), intervalMs)
  }

  stopLoad(): Promise<void> {
    return this.page.evaluate(() => window.member.stopLoad())
  }

  /** Blocks the page for so long. */
  hang(durationMs: number): Promise<void> {
    return this.page.evaluate((ms) => window.member.hang(ms), durationMs)
  }

  signaling(): Promise<SignalingState> {
    return this.page.evaluate(() => window.member.peer.signaling)
  }

  report(): Promise<PageReport> {
    return this.page.evaluate(() => window.member.report())
  }

  async navigateAway(): Promise<void> {
    this.#end('closing')
    await this.page.goto('about:blank')
  }

  async close(): Promise<void> {
    this.#end('closing')
    await this.page.close()
  }

  async reload(): Promise<void> {
    this.#end('closing')
    await this.page.reload()
  }

  /** Kills the renderer. Resolves when it is dead. */
  async kill(): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page)
    const dead = new Promise((resolve) => this.page.once('crash', resolve))
    this.#end('killed')
    // Never answered: the page dies of it.
    session.send('Page.crash').catch(() => {})
    await dead
  }

  #end(how: 'closing' | 'killed'): void {
    if (this.member !== undefined) this.ended.set(this.member, how)
    this.view = undefined
    this.lines = 0
  }

  #take(event: TraceEvent): void {
    if (this.ended.has(event.peer)) return
    this.lines++
    if (event.event === 'deliver') this.delivered++
    if (event.event === 'install' && event.group === this.room) this.view = event
  }
}
