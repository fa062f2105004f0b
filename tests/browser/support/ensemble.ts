import type { Browser, BrowserContext } from 'playwright/test'
import { createSignalingServer, type SignalingServer } from '../../../signaling/index.ts'
import { judge, settled, type TraceEvent } from '../../checkers/index.ts'
import type { Install } from '../../checkers/trace.ts'
import { contextOptions } from './chromium.ts'
import { type PageReport, Tab } from './tab.ts'
import { Watch } from './watch.ts'

export interface TabWishes {
  room?: string
  context?: BrowserContext
  /** Whether the tab has its links and engines in a worker. */
  worker?: boolean
}

/** A signaling server of its own, tabs that meet over it, and all that they trace. */
export class Ensemble implements AsyncDisposable {
  readonly tabs: Tab[] = []
  readonly trace: TraceEvent[] = []
  readonly #browser: Browser
  readonly #page: string
  readonly #port: number
  readonly #contexts = new Set<BrowserContext>()
  readonly #watch = new Watch(() => this.#standing())
  #server: SignalingServer
  #opened = 0

  private constructor(browser: Browser, page: string, server: SignalingServer) {
    this.#browser = browser
    this.#page = page
    this.#server = server
    this.#port = server.port!
  }

  /** `page`: the address of the group page. */
  static async open(browser: Browser, page: string): Promise<Ensemble> {
    // No group lives yet, so the first founder need not wait for one to come back.
    const server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0 })
    return new Ensemble(browser, page, server)
  }

  /** Opens a tab, in a context (and so a process) of its own where none is given; resolves when the page is loaded. */
  async tab({ room = 'room', context, worker = false }: TabWishes = {}): Promise<Tab> {
    const name = `tab ${++this.#opened}`
    const asked = new URLSearchParams({ room, name, signaling: `http://127.0.0.1:${this.#port}` })
    if (worker) asked.set('worker', '')
    const tab = await Tab.open({
      name,
      room,
      context: context ?? (await this.context()),
      address: `${this.#page}?${asked}`,
      trace: (events) => this.#take(events),
    })
    this.tabs.push(tab)
    return tab
  }

  /** Opens so many tabs at once; resolves when all are in one view. */
  async group(count: number, options: TabWishes = {}): Promise<Tab[]> {
    const tabs = await Promise.all(Array.from({ length: count }, () => this.tab(options)))
    await this.together(tabs, 15_000)
    await Promise.all(tabs.map((tab) => tab.joined()))
    return tabs
  }

  async context(): Promise<BrowserContext> {
    const context = await this.#browser.newContext(contextOptions())
    this.#contexts.add(context)
    return context
  }

  async stopServer(): Promise<void> {
    await this.#server.close()
  }

  /** A new server, as it comes, on the port of the one before. */
  async startServer(): Promise<void> {
    this.#server = await createSignalingServer({ port: this.#port, host: '127.0.0.1' })
  }

  /** Resolves as soon as what is traced makes `condition` true. */
  until(what: string, limitMs: number, condition: () => boolean): Promise<void> {
    return this.#watch.until(what, limitMs, condition)
  }

  /** Resolves when these tabs, and nobody else, are in one view. */
  together(tabs: readonly Tab[], limitMs: number): Promise<void> {
    return this.until(`${tabs.map(({ name }) => name).join(', ')} in one view`, limitMs, () => areTogether(tabs))
  }

  /** Resolves when each of these tabs delivered so many messages more. */
  goesOn(tabs: readonly Tab[], messages: number, limitMs: number): Promise<void> {
    const before = tabs.map(({ delivered }) => delivered)
    return this.until(`${messages} more messages at each tab`, limitMs, () =>
      tabs.every((tab, index) => tab.delivered >= before[index]! + messages),
    )
  }

  /** Resolves when these tabs have installed a view without `member`: to the time of the last of them, in ms since 1970. */
  async out(member: string, tabs: readonly Tab[], limitMs: number): Promise<number> {
    const firstViews = (): (Install | undefined)[] =>
      tabs.map((tab) => {
        const installs = this.trace.filter((event) => event.event === 'install' && event.peer === tab.member)
        const last = installs.findLastIndex((event) => (event as Install).members.includes(member))
        return installs[last + 1] as Install | undefined
      })
    await this.until(`${member} out`, limitMs, () => firstViews().every((view) => view !== undefined))
    return Math.max(...firstViews().map((view) => view!.t))
  }

  /**
   * Waits until these tabs have all that any of them said. Returns what they report of it, and whatever speaks against
   * the run: what a page found wrong, what the checkers found in the trace of all, and the ways in which tabs differ.
   */
  async verdict(tabs: readonly Tab[], limitMs = 20_000): Promise<{ reports: PageReport[]; faults: string[] }> {
    const reports = await this.#complete(tabs, limitMs)
    const isWhole = (): boolean => reports.every(({ traced }, index) => tabs[index]!.lines >= traced)
    await this.until('the whole trace of each tab', 10_000, isWhole)
    this.#writeCrashes()
    const broken = judge(this.trace, { settled: true }).flatMap(({ rule, evidence = [] }) =>
      evidence.map((found) => `${rule}: ${found.message} ${JSON.stringify(found.events)}`),
    )
    const faults = [
      ...this.tabs.flatMap(({ uncaught }) => uncaught),
      ...reports.flatMap(({ faults }) => faults),
      ...reports.flatMap((report, index) => differences(report, reports[0]!, tabs[index]!.name)),
      ...settled(this.trace).map(({ message }) => message),
      ...broken,
    ]
    return { reports, faults }
  }

  /** How many histories of a group there were. */
  get lineages(): number {
    return new Set(this.trace.flatMap((event) => (event.event === 'install' ? event.lineage : []))).size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#contexts].map((context) => context.close()))
    await this.#server.close()
  }

  async #complete(tabs: readonly Tab[], limitMs: number): Promise<PageReport[]> {
    const deadline = Date.now() + limitMs
    for (;;) {
      const reports = await Promise.all(tabs.map((tab) => tab.report()))
      const saidByAll = reports.map(({ peer, casts }) => [peer, casts] as const).filter(([, casts]) => casts > 0)
      const missing = reports.flatMap(({ peer, heard }) =>
        saidByAll.flatMap(([sender, casts]) =>
          heard[sender] === casts ? [] : `${peer} has ${heard[sender] ?? 0} of the ${casts} of ${sender}`,
        ),
      )
      if (missing.length === 0 && areTogether(tabs)) return reports
      if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${missing.join('; ')}\n${this.#standing()}`)
    }
  }

  /** Who went without a word in the trace: a crash, or a page that closed faster than its last line. */
  #writeCrashes(): void {
    const said = new Set(this.trace.flatMap((event) => (event.event === 'left' ? event.peer : [])))
    for (const { ended, room } of this.tabs) {
      for (const [peer, how] of ended) {
        if (said.has(peer)) continue
        said.add(peer)
        const leaving = how === 'closing' ? { leaving: true } : {}
        this.trace.push({ t: Date.now(), peer, group: room, event: 'crash', ...leaving })
      }
    }
  }

  #take(events: readonly TraceEvent[]): void {
    this.trace.push(...events)
    this.#watch.look()
  }

  #standing(): string {
    return this.tabs
      .map(({ name, view, delivered }) => {
        const place = view ? `${view.peer} in ${view.lineage}/${view.number} [${view.members}]` : 'in no view'
        return `${name}: ${place}, ${delivered} delivered`
      })
      .join('\n')
  }
}

function areTogether(tabs: readonly Tab[]): boolean {
  const view = tabs[0]?.view
  const same = (other: Install | undefined): boolean =>
    view !== undefined && other?.lineage === view.lineage && other.number === view.number
  return tabs.every((tab) => tab.size === tabs.length && same(tab.view))
}

/** What two that have the same past may not disagree on. */
function differences(report: PageReport, other: PageReport, name: string): string[] {
  const faults: string[] = []
  if (report.totals.join() !== other.totals.join()) faults.push(`${name} has the ABCASTs in another order`)
  if (JSON.stringify(sorted(report.heard)) !== JSON.stringify(sorted(other.heard))) {
    faults.push(`${name} has heard ${JSON.stringify(report.heard)}, another ${JSON.stringify(other.heard)}`)
  }
  return faults
}

function sorted(heard: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(heard).sort(([a], [b]) => (a < b ? -1 : 1))
}
