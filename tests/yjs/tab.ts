import type {} from '../browser/pages/yjs-page.ts'
import type { Browser, Target } from '../chaos/support/browser.ts'

export type Report = ReturnType<Window['yjs']['report']>

/** One page with a document, in a browser of its own. */
export class Tab {
  readonly name: string
  readonly browser: Browser
  readonly #target: Target

  private constructor(name: string, browser: Browser, target: Target) {
    this.name = name
    this.browser = browser
    this.#target = target
  }

  /** Resolves when its page is loaded; it joins by itself. */
  static async open(name: string, browser: Browser, address: string): Promise<Tab> {
    await browser.trust(new URL(address).origin)
    const target = await browser.open()
    const loaded = new Promise<void>((resolve) => {
      target.listen((method) => method === 'Page.loadEventFired' && resolve())
    })
    await target.send('Page.enable')
    await target.send('Page.navigate', { url: address })
    await loaded
    return new Tab(name, browser, target)
  }

  /** What the expression gives in the page, once it is settled. Rejects when the page is gone. */
  async ask<T>(expression: string): Promise<T> {
    const answer = await this.#target.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
    const { result, exceptionDetails } = answer as unknown as Evaluated
    if (exceptionDetails) throw new Error(`${this.name}: ${exceptionDetails.exception?.description}`)
    return result.value as T
  }

  others(): Promise<number> {
    return this.ask('yjs.others()')
  }

  report(): Promise<Report> {
    return this.ask('yjs.report()')
  }

  edits(): Promise<number> {
    return this.ask('yjs.edits()')
  }

  /** Resolves when all is written. */
  edit(count: number, pauseMs: number): Promise<void> {
    return this.ask(`yjs.edit(${count}, ${pauseMs})`)
  }
}

interface Evaluated {
  readonly result: { readonly value?: unknown }
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
}
