import type { GroupStatus } from '../../../peer/index.ts'
import type { Install, TraceEvent } from '../../checkers/trace.ts'
import type { Outcome, Told } from '../pages/chaos-page.ts'
import type { Browser, Target } from './browser.ts'

/** What a page says of itself. */
export type PageReport = ReturnType<Window['chaos']['report']>

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
  readonly room: string
  readonly browser: Browser
  /** The view that it installed last; undefined until there is one, and when its page is gone. */
  view: Install | undefined
  status: GroupStatus | undefined
  /** When each status began, in ms since 1970. */
  readonly statuses: { readonly status: GroupStatus; readonly at: number }[] = []
  /** What became of each value that its pages multicast; undefined as long as nothing is known. */
  readonly outcomes = new Map<string, Outcome | undefined>()
  /** Errors of it that are nobody's fate. */
  readonly faults: string[] = []
  /** The member ids of all its pages that are gone, and how they went. */
  readonly ended = new Map<string, 'closing' | 'killed'>()
  /** Deliveries that it traced, over all its pages. */
  delivered = 0
  /** How much of what its present page told is here. */
  told = 0
  readonly #target: Target
  readonly #heard: TabOptions['heard']
  #address: string
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

  /** Blocks the page for so long. */
  hang(durationMs: number): Promise<unknown> {
    return this.#evaluate(`chaos.hang(${durationMs})`)
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

  killRenderer(): void {
    this.#end('killed')
    this.browser.killRenderers()
  }

  killBrowser(): void {
    this.#end('killed')
    this.browser.kill()
  }

  #end(how: 'closing' | 'killed'): void {
    if (this.view !== undefined) this.ended.set(this.view.peer, how)
    this.view = undefined
    this.status = undefined
    this.told = 0
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
    if (method === 'Page.loadEventFired') this.#loaded()
    if (method === 'Runtime.exceptionThrown') {
      const { exceptionDetails } = params as unknown as Pick<Required<Evaluated>, 'exceptionDetails'>
      this.faults.push(`${this.name}: nobody caught ${exceptionDetails.exception?.description}`)
    }
    if (method !== 'Runtime.bindingCalled' || params.name !== 'told') return
    const lines = JSON.parse(params.payload as string) as Told[]
    this.#heard(lines.flatMap((line) => this.#takeLine(line)))
  }

  /** Returns the line of the trace, if it is one. */
  #takeLine(line: Told): TraceEvent[] {
    const isLate = line.type === 'trace' && this.ended.has(line.event.peer)
    if (!isLate) this.told++
    switch (line.type) {
      case 'trace':
        if (!isLate && line.event.event === 'install') this.view = line.event
        if (line.event.event === 'deliver') this.delivered++
        return [line.event]
      case 'cast':
        this.outcomes.set(line.label, undefined)
        break
      case 'outcome':
        this.outcomes.set(line.label, line.outcome)
        break
      case 'status':
        this.status = line.status
        this.statuses.push({ status: line.status, at: line.at })
        break
      case 'fault':
        this.faults.push(`${this.name}: ${line.text}`)
    }
    return []
  }
}

interface Evaluated {
  readonly result: { readonly value?: unknown }
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
}
