import { setTimeout as elapse } from 'node:timers/promises'
import { Watch } from '../../browser/support/watch.ts'
import { judge, settled, type TraceEvent } from '../../checkers/index.ts'
import type { Install } from '../../checkers/trace.ts'
import { type Account, unrest, untruths } from './accounts.ts'
import { Browser } from './browser.ts'
import type { Host, Network } from './network.ts'
import { Server } from './server.ts'
import { Tab } from './tab.ts'

/** What was measured, and the most that it may be. */
export interface Measure {
  readonly what: string
  readonly value: number
  readonly bound: number
  readonly unit: 'ms' | 'views'
}

export interface StageOptions {
  /** Address of the page. */
  readonly page: string
  /** Where tabs live, one each; without one they all live on this machine. */
  readonly network?: Network | undefined
}

export interface TabWishes {
  readonly room?: string
  /** Default: a new one, on a host that has none. */
  readonly browser?: Browser
  /** Goes on without a quorum, and has its multicasts sent again when lineages merge. */
  readonly fork?: boolean
}

/** What a row plays on: a signaling server of its own, tabs in browsers of their own, and all that they trace. */
export class Stage implements AsyncDisposable {
  readonly tabs: Tab[] = []
  readonly trace: TraceEvent[] = []
  readonly measures: Measure[] = []
  readonly server: Server
  /** Whether the end was looked at. */
  judged = false
  readonly #options: StageOptions
  readonly #browsers = new Set<Browser>()
  readonly #watch = new Watch(() => this.#standing())

  private constructor(options: StageOptions, server: Server) {
    this.#options = options
    this.server = server
  }

  static async open(options: StageOptions): Promise<Stage> {
    return new Stage(options, await Server.start(options.network?.gateway ?? '127.0.0.1'))
  }

  /** Starts a browser on a host that has none. */
  async browser(): Promise<Browser> {
    const taken = new Set([...this.#browsers].map(({ host }) => host))
    const host = this.#options.network?.hosts.find((free) => !taken.has(free))
    if (this.#options.network && host === undefined) throw new Error('there is no host left')
    const browser = await Browser.launch(host)
    this.#browsers.add(browser)
    return browser
  }

  /** Resolves when its page is loaded; it joins by itself. */
  async tab({ room = 'room', browser, fork = false }: TabWishes = {}): Promise<Tab> {
    const name = `tab ${this.tabs.length + 1}`
    const tab = await Tab.open({
      name,
      room,
      browser: browser ?? (await this.browser()),
      address: this.#address(name, room, fork),
      heard: (events) => this.#take(events),
    })
    this.tabs.push(tab)
    return tab
  }

  /** Loads the page of another room in this tab. */
  async move(tab: Tab, room: string): Promise<void> {
    await tab.navigate(room, this.#address(tab.name, room))
  }

  /** Opens so many tabs, in rank order; resolves when all are members of one view, and multicast every so often. */
  async group(count: number, { loadMs = 50, ...wishes }: TabWishes & { loadMs?: number } = {}): Promise<Tab[]> {
    const tabs: Tab[] = []
    // One after the other: browsers that start all at once keep each other from it.
    for (let n = 0; n < count; n++) tabs.push(await this.tab(wishes))
    await this.together(tabs, 30_000)
    tabs.sort((a, b) => a.rank - b.rank)
    await Promise.all(tabs.map((tab) => tab.startLoad(loadMs)))
    await this.goesOn(tabs, 60, 15_000)
    return tabs
  }

  /** Nothing that either sends reaches the other any more. */
  cut(one: Tab, other: Tab): void {
    this.cutOneWay(one, other)
    this.cutOneWay(other, one)
  }

  cutOneWay(from: Tab, to: Tab): void {
    this.#network.cut(hostOf(from), hostOf(to))
  }

  partition(...sides: readonly (readonly Tab[])[]): void {
    for (const side of sides)
      for (const one of side) for (const other of sides.flat()) if (!side.includes(other)) this.cutOneWay(other, one)
  }

  heal(): void {
    this.#network.heal()
  }

  /** For as long as a fault is to last: what is to come of it is waited for by `until`. */
  async pass(durationMs: number): Promise<void> {
    await elapse(durationMs)
  }

  until(what: string, limitMs: number, condition: () => boolean): Promise<void> {
    return this.#watch.until(what, limitMs, condition)
  }

  /** Resolves when these tabs, and nobody else, are members of one view: to the time of the last of them. */
  async together(tabs: readonly Tab[], limitMs: number): Promise<number> {
    await this.until(`${tabs.map(({ name }) => name).join(', ')} in one view`, limitMs, () => areTogether(tabs))
    const installs = tabs.map(({ view }) => view!.t)
    const statuses = tabs.map(({ statuses }) => statuses.at(-1)!.at)
    return Math.max(...installs, ...statuses)
  }

  /** Resolves when each of these tabs delivered so many messages more. */
  goesOn(tabs: readonly Tab[], messages: number, limitMs: number): Promise<void> {
    const before = tabs.map(({ delivered }) => delivered.size)
    return this.until(`${messages} more messages at each of ${tabs.map(({ name }) => name).join(', ')}`, limitMs, () =>
      tabs.every((tab, index) => tab.delivered.size >= before[index]! + messages),
    )
  }

  /** Resolves when these tabs have installed a view without `member`: to the time of the last of them. */
  async out(member: string, tabs: readonly Tab[], limitMs: number): Promise<number> {
    const firstViews = (): (Install | undefined)[] =>
      tabs.map(({ installs }) => installs[installs.findLastIndex(({ members }) => members.includes(member)) + 1])
    await this.until(`${member} out`, limitMs, () => firstViews().every((view) => view !== undefined))
    return Math.max(...firstViews().map((view) => view!.t))
  }

  /** Resolves when all members have what these tabs multicast until then: to the time when the last sender knew it. */
  async caughtUp(tabs: readonly Tab[], until: number, limitMs: number): Promise<number> {
    const casts = tabs.flatMap((tab) => [...tab.casts.values()]).filter(({ at }) => at <= until)
    const isSettled = (): boolean => casts.every(({ settledAt }) => settledAt !== undefined)
    await this.until('all that was multicast is settled', limitMs, isSettled)
    return Math.max(until, ...casts.map(({ settledAt }) => settledAt!))
  }

  /** The longest time that a message took from any of these tabs to any other, of those sent in that time. */
  longestWay(tabs: readonly Tab[], from: number, until: number): number {
    const ways = tabs.flatMap(({ sent }) =>
      [...sent]
        .filter(([, t]) => from <= t && t <= until)
        .flatMap(([id, t]) => tabs.map(({ delivered }) => (delivered.get(id) ?? Number.POSITIVE_INFINITY) - t)),
    )
    return Math.max(...ways)
  }

  /** Notes what was measured; the row fails if any is over its bound. */
  measure(what: string, value: number, bound: number, unit: Measure['unit'] = 'ms'): void {
    this.measures.push({ what, value: Math.round(value), bound, unit })
  }

  /**
   * Ends the load, waits until these tabs, and nobody else, are one group that is at rest, and returns all that speaks
   * against the run.
   */
  async verdict(tabs: readonly Tab[], limitMs = 20_000): Promise<string[]> {
    this.judged = true
    await Promise.all(tabs.map((tab) => tab.stopLoad()))
    const { faults, accounts } = await this.#rest(tabs, limitMs)
    this.#writeCrashes()
    const casts = this.tabs.flatMap((tab) => [...tab.casts]).filter(([, { room }]) => room === tabs[0]!.room)
    const outcomes = new Map(casts.map(([label, { outcome }]) => [label, outcome]))
    const gone = new Set(this.tabs.flatMap(({ pagesBefore }) => [...pagesBefore.keys()]))
    const broken = judge(this.trace, { settled: true }).flatMap(({ rule, evidence = [] }) =>
      evidence.map((found) => `${rule}: ${found.message} ${JSON.stringify(found.events)}`),
    )
    return [
      ...faults,
      ...this.measures.filter(({ value, bound }) => value > bound).map((measure) => `too much: ${figure(measure)}`),
      ...this.tabs.flatMap((tab) => tab.faults),
      ...unrest(accounts),
      ...untruths(accounts[0]!, outcomes, gone),
      ...settled(this.trace).map(({ message }) => message),
      ...broken,
    ]
  }

  /** How many histories a group had. */
  lineages(room = 'room'): number {
    const installs = this.trace.filter((event): event is Install => event.event === 'install' && event.group === room)
    return new Set(installs.map(({ lineage }) => lineage)).size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#browsers].map((browser) => browser[Symbol.asyncDispose]()))
    await this.server.kill()
    this.#options.network?.heal()
  }

  #address(name: string, room: string, fork = false): string {
    const asked = new URLSearchParams({ room, name, signaling: this.server.address, fork: fork ? 'yes' : 'no' })
    return `${this.#options.page}?${asked}`
  }

  get #network(): Network {
    if (this.#options.network === undefined) throw new Error('links can be cut in a network of namespaces only')
    return this.#options.network
  }

  /** Until all states are the same and nothing is open, or for as long as it may take. */
  async #rest(tabs: readonly Tab[], limitMs: number): Promise<{ faults: string[]; accounts: Account[] }> {
    const deadline = Date.now() + limitMs
    for (;;) {
      const reports = await Promise.all(tabs.map((tab) => tab.report()))
      const accounts = reports.map((report, index) => ({ name: tabs[index]!.name, ...report }))
      const isWhole = reports.every(({ told }, index) => tabs[index]!.told >= told)
      if (isWhole && areTogether(tabs) && unrest(accounts).length === 0) return { faults: [], accounts }
      if (Date.now() > deadline) {
        const place = areTogether(tabs) && isWhole ? '' : `\n${this.#standing()}`
        return { faults: [`not at rest ${limitMs} ms after the last multicast${place}`], accounts }
      }
      await elapse(100)
    }
  }

  /** Who went without a word in the trace: a crash, or a page that closed faster than its last line. */
  #writeCrashes(): void {
    const said = new Set(this.trace.flatMap((event) => (event.event === 'left' ? event.peer : [])))
    for (const { view, how } of this.tabs.flatMap(({ ended }) => [...ended.values()])) {
      const { peer, group } = view
      if (said.has(peer)) continue
      const leaving = how === 'closing' ? { leaving: true } : {}
      this.trace.push({ t: Date.now(), peer, group, event: 'crash', ...leaving })
    }
  }

  #take(events: readonly TraceEvent[]): void {
    this.trace.push(...events)
    this.#watch.look()
  }

  #standing(): string {
    return this.tabs
      .filter(({ isAlive }) => isAlive)
      .map(({ name, view, status, delivered }) => {
        const place = view ? `${view.peer} in ${view.lineage}/${view.number} [${view.members}]` : 'in no view'
        return `${name}: ${status}, ${place}, ${delivered.size} delivered`
      })
      .join('\n')
  }
}

export function figure({ what, value, bound, unit }: Measure): string {
  return `${what}: ${value} of ${bound} ${unit}`
}

function areTogether(tabs: readonly Tab[]): boolean {
  const view = tabs[0]?.view
  return tabs.every(
    (tab) =>
      tab.status === 'member' &&
      tab.view?.members.length === tabs.length &&
      tab.view.lineage === view?.lineage &&
      tab.view.number === view.number,
  )
}

function hostOf({ browser, name }: Tab): Host {
  if (browser.host === undefined) throw new Error(`${name} is on no host`)
  return browser.host
}
