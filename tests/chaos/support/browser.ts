import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { findChromium, hasRoute } from '../../browser/support/chromium.ts'
import { Cdp, type CdpListener } from './cdp.ts'
import type { Host } from './network.ts'
import { type Process, processes, processTree, signalAll } from './processes.ts'

/** A page, as the debugging protocol sees it. */
export interface Target {
  readonly id: string
  send(method: string, params?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>
  listen(listener: CdpListener): void
}

/** A Chromium of its own, on a host or on the machine itself. */
export class Browser implements AsyncDisposable {
  readonly host: Host | undefined
  readonly #process: ChildProcess
  readonly #cdp: Cdp
  readonly #profile: string
  readonly #ended: Promise<void>

  private constructor(host: Host | undefined) {
    this.host = host
    this.#profile = mkdtempSync(join(tmpdir(), `${profilePrefix}${process.pid}-`))
    const path = findChromium()
    if (path === undefined) throw new Error('no Chromium found')
    const [command, ...args] = [...(host?.command ?? []), path, ...switches(host), `--user-data-dir=${this.#profile}`]
    this.#process = spawn(command!, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true })
    this.#ended = new Promise((resolve) => {
      for (const event of ['exit', 'error'] as const) this.#process.once(event, () => resolve())
    })
    const [, , , write, read] = this.#process.stdio as unknown as [null, null, null, Writable, Readable]
    this.#cdp = new Cdp(write, read)
    void this.#ended.then(() => this.#cdp.end())
  }

  static async launch(host?: Host): Promise<Browser> {
    const browser = new Browser(host)
    await browser.#cdp.send('Browser.getVersion')
    return browser
  }

  /** Ends and removes what a run left behind that was killed itself: a browser that is stopped never notices. */
  static clearStale(): void {
    const alive = processes()
    for (const name of readdirSync(tmpdir())) {
      const [, owner] = profilePattern.exec(name) ?? []
      if (owner === undefined || alive.some(({ pid }) => pid === Number(owner))) continue
      const profile = join(tmpdir(), name)
      signalAll(
        alive.filter(({ command }) => command.includes(profile)),
        'SIGKILL',
      )
      remove(profile)
    }
  }

  /** Opens a page in a window of its own, or as a tab in front of those of the last window, which are hidden then. */
  async open({ inFront = false } = {}): Promise<Target> {
    const { targetId } = await this.#cdp.send('Target.createTarget', { url: 'about:blank', newWindow: !inFront })
    const { sessionId } = await this.#cdp.send('Target.attachToTarget', { targetId, flatten: true })
    const session = sessionId as string
    return {
      id: targetId as string,
      send: (method, params) => this.#cdp.send(method, params, session),
      listen: (listener) => this.#cdp.listen(session, listener),
    }
  }

  /** As a user closes a tab: the page has its last turn. */
  async close({ id }: Target): Promise<void> {
    await this.#cdp.send('Target.closeTarget', { targetId: id })
  }

  /** Lets pages of this address use what a machine with nothing but loopback gives WebRTC for no less. */
  async trust(origin: string): Promise<void> {
    if (this.host !== undefined || hasRoute()) return
    await this.#cdp.send('Browser.grantPermissions', { origin, permissions: ['audioCapture', 'videoCapture'] })
  }

  /** Kills the processes of its pages, and leaves the browser alive. */
  killRenderers(): void {
    const renderers = this.#tree().filter(({ command }) => command.includes('--type=renderer'))
    if (renderers.length === 0) throw new Error('there is no renderer to kill')
    signalAll(renderers, 'SIGKILL')
  }

  /** Stops all its processes, as a machine does that goes to sleep. */
  stop(): void {
    signalAll(this.#tree(), 'SIGSTOP')
  }

  resume(): void {
    signalAll(this.#tree().reverse(), 'SIGCONT')
  }

  /** Never throws, and leaves nothing, whatever state it is in. */
  kill(): void {
    if (this.#process.exitCode === null && this.#process.signalCode === null) signalAll(this.#tree(), 'SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill()
    await this.#ended
    remove(this.#profile)
  }

  #tree(): Process[] {
    return this.#process.pid === undefined ? [] : processTree(this.#process.pid)
  }
}

const profilePrefix = 'tutti-chaos-'
const profilePattern = /^tutti-chaos-(\d+)-/

function remove(profile: string): void {
  // What was killed a moment ago may still write there.
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

function switches(host: Host | undefined): string[] {
  return [
    '--headless=new',
    '--no-sandbox', // The sandbox refuses to run as root.
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-extensions',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-startup-window',
    '--mute-audio',
    '--remote-debugging-pipe',
    ...(host === undefined && !hasRoute() ? ['--allow-loopback-in-peer-connection'] : []),
  ]
}
