import type { GroupStatus } from '../../../peer/index.ts'
import type { Install, TraceEvent } from '../../checkers/trace.ts'
import type { Batch, Outcome, Told } from '../pages/chaos-page.ts'
import type { Browser, Target } from './browser.ts'

/** What a page says of itself. */
export type PageReport = ReturnType<Window['chaos']['report']>

/** One multicast of a tab. Times in ms since 1970. */
export interface Cast {
  readonly room: string
  readonly at: number
  /** Undefined as long as its fate is not known, as is the time when it was. */
  outcome: Outcome | undefined
  settledAt: number | undefined
}

export interface TabOptions {
  readonly name: string
  readonly room: string
  readonly browser: Browser
  /** Address of the page, with all that it needs to know. */
  readonly address: string
  /** Called when it told something. */
  heard(trace: readonly TraceEvent[]): void
}

/** One tab, seen from outside: what it tells, and the ways in which it ends. */
export class Tab {
  readonly name: string
  room: string
  readonly browser: Browser
  /** The view that it installed last; undefined until there is one, and when its page is gone. */
  view: Install | undefined
  /** All views that it installed, over all its pages and attempts. */
  readonly installs: Install[] = []
  /** When its pages sent each message, in ms since 1970. */
  readonly sent = new Map<string, number>()
  /** When its pages delivered each message, in ms since 1970. */
  readonly delivered = new Map<string, number>()
  status: GroupStatus | undefined
  /** When each status began, in ms since 1970. */
  readonly statuses: { readonly status: GroupStatus; readonly at: number }[] = []
  /** The values that its pages multicast. */
  readonly casts = new Map<string, Cast>()
  /** Errors of it that are nobody's fate. */
  readonly faults: string[] = []
  /** The peers of its pages that are gone, and how each went. */
  readonly pagesBefore = new Map<string, Ending>()
  /** The members that its pages that are gone were at the end: a view of each, and how its page went. */
  readonly ended = new Map<string, { readonly view: Install; readonly how: Ending }>()
  /** How much of what its present page told is here. */
  told = 0
  readonly #target: Target
  readonly #heard: TabOptions['heard']
  #address: string
  #page = ''
  /** How the page that has to make room for the next one goes. What is told meanwhile may still be its. */
  #leaving: Ending | undefined
  #loaded: () => void = () => {}

  private constructor(options: TabOptions, target: Target) {
    this.name = options.name
    this.room = options.room
    this.browser = options.browser
    this.#address = options.address
    this.#heard = options.heard
    this.#target = target
    target.listen((method, params) => this.#take(method, params))
  }

  /** Resolves when the page is loaded; it joins by itself. */
  static async open(options: TabOptions): Promise<Tab> {
    await options.browser.trust(new URL(options.address).origin)
    const target = await options.browser.open()
    const tab = new Tab(options, target)
    await target.send('Page.enable')
    await target.send('Runtime.enable')
    await target.send('Runtime.addBinding', { name: 'told' })
    await tab.#load('Page.navigate', { url: options.address })
    return tab
  }

  /** Its id in the view that it is in, or was in last. */
  get member(): string {
    if (this.view === undefined) throw new Error(`${this.name} is in no view`)
    return this.view.peer
  }

  /** Its place in its view, from 0. */
  get rank(): number {
    return this.view?.members.indexOf(this.view.peer) ?? -1
  }

  get isAlive(): boolean {
    return this.#address !== ''
  }

  startLoad(intervalMs: number): Promise<unknown> {
    return this.#evaluate(`chaos.startLoad(${intervalMs})`)
  }

  stopLoad(): Promise<unknown> {
    return this.#evaluate('chaos.stopLoad()')
  }

  /** Blocks the page for so long. Resolves to when it woke, in ms since 1970. */
  async hang(durationMs: number): Promise<number> {
    return (await this.#evaluate(`chaos.hang(${durationMs})`)) as number
  }

  report(): Promise<PageReport> {
    return this.#evaluate('chaos.report()') as Promise<PageReport>
  }

  inspect(): Promise<string> {
    return this.#evaluate('chaos.inspect()') as Promise<string>
  }

  /** Opens another tab in front of this one. */
  async hide(): Promise<void> {
    await this.browser.open({ inFront: true })
  }

  async close(): Promise<void> {
    this.#end('closing')
    await this.browser.close(this.#target)
  }

  async reload(): Promise<void> {
    const address = this.#address
    this.#end('closing')
    this.#address = address
    await this.#load('Page.reload')
  }

  /** Loads the page at another address, in the same tab. */
  async navigate(room: string, address: string): Promise<void> {
    this.#end('closing')
    this.room = room
    this.#address = address
    await this.#load('Page.navigate', { url: address })
  }

  killRenderer(): void {
    this.#end('killed')
    this.browser.killRenderers()
  }

  killBrowser(): void {
    this.#end('killed')
    this.browser.kill()
  }

  #end(how: Ending): void {
    if (this.view !== undefined) this.ended.set(this.view.peer, { view: this.view, how })
    this.view = undefined
    this.status = undefined
    this.told = 0
    if (this.#page !== '') this.pagesBefore.set(this.#page, how)
    this.#page = ''
    this.#leaving = how
    this.#address = ''
  }

  async #load(method: string, params = {}): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      this.#loaded = resolve
    })
    await this.#target.send(method, params)
    await loaded
  }

  async #evaluate(expression: string): Promise<unknown> {
    const answer = await this.#target.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
    const { result, exceptionDetails } = answer as unknown as Evaluated
    if (exceptionDetails) throw new Error(`${this.name}: ${exceptionDetails.exception?.description}`)
    return result.value
  }

  #take(method: string, params: Readonly<Record<string, unknown>>): void {
    if (method === 'Page.frameNavigated') this.#leaving = undefined
    if (method === 'Page.loadEventFired') this.#loaded()
    if (method === 'Runtime.exceptionThrown') {
      const { exceptionDetails } = params as unknown as Pick<Required<Evaluated>, 'exceptionDetails'>
      this.faults.push(`${this.name}: nobody caught ${exceptionDetails.exception?.description}`)
    }
    if (method !== 'Runtime.bindingCalled' || params.name !== 'told') return
    const { page, lines } = JSON.parse(params.payload as string) as Batch
    if (this.#leaving !== undefined) this.pagesBefore.set(page, this.#leaving)
    const ending = this.pagesBefore.get(page)
    if (ending === undefined) {
      this.#page = page
      this.told += lines.length
    }
    this.#heard(lines.flatMap((line) => this.#takeLine(line, ending)))
  }

  /** Returns the line of the trace, if it is one. `ending`: how its page went, if it is gone. */
  #takeLine(line: Told, ending: Ending | undefined): TraceEvent[] {
    switch (line.type) {
      case 'trace':
        this.#takeTrace(line.event, ending)
        return [line.event]
      case 'cast':
        this.casts.set(line.label, { room: line.room, at: line.at, outcome: undefined, settledAt: undefined })
        break
      case 'outcome':
        Object.assign(this.casts.get(line.label)!, { outcome: line.outcome, settledAt: line.at })
        break
      case 'status':
        if (ending === undefined) this.status = line.status
        this.statuses.push({ status: line.status, at: line.at })
        break
      case 'fault':
        this.faults.push(`${this.name}: ${line.text}`)
    }
    return []
  }

  #takeTrace(event: TraceEvent, ending: Ending | undefined): void {
    if (event.event === 'multicast') this.sent.set(event.id, event.t)
    if (event.event === 'deliver') this.delivered.set(event.id, event.t)
    if (event.event !== 'install') return
    this.installs.push(event)
    if (ending === undefined) this.view = event
    else this.ended.set(event.peer, { view: event, how: ending })
  }
}

type Ending = 'closing' | 'killed'

interface Evaluated {
  readonly result: { readonly value?: unknown }
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
}
