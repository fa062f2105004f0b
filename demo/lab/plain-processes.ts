import type { PeerId } from '../../peer/index.ts'
import { Network } from '../../peer/simulator/network.ts'
import { Random } from '../../peer/simulator/random.ts'
import { Scheduler } from '../../peer/simulator/scheduler.ts'
import { DELAY_MIN_MS, noticesMs } from './delays.ts'
import { bothWays, Links } from './links.ts'
import type { LinkState, Name, SideOptions } from './side.ts'

/** Room for the longest log that a script can make, in one frame. */
const FRAME_BYTES_MAX = 1024 * 1024
const SETUP_MS = 20
const NEVER_MS = 1e9

interface Process {
  readonly links: ReturnType<Network['attach']>
  isAlive: boolean
  /** What reaches it while it stands still; undefined: it runs. */
  backlog: (() => void)[] | undefined
}

/**
 * Processes and the links between them, without any idea of a group. Links keep order and lose nothing while they last, as data
 * channels do. Whoever crashes is seen to be gone by one after the other.
 */
export abstract class PlainProcesses {
  protected readonly scheduler = new Scheduler()
  readonly #seed: number
  readonly #network: Network
  readonly #links: Links
  readonly #processes = new Map<Name, Process>()
  #framesBefore = 0

  constructor({ seed, bytesPerMs }: SideOptions) {
    this.#seed = seed
    this.#links = new Links(seed)
    this.#network = new Network(this.scheduler, new Random(seed, 'plain'), {
      fixedDelayMs: DELAY_MIN_MS,
      frameBytesMax: FRAME_BYTES_MAX,
      ...(bytesPerMs !== undefined && { bytesPerMs }),
      introducing: () => true,
    })
  }

  /** A link of this process is up. */
  protected abstract up(at: Name, other: Name): void
  protected abstract received(at: Name, from: Name, bytes: Uint8Array): void
  /** This process sees that the other one is gone. */
  protected abstract gone(at: Name, other: Name): void

  get now(): number {
    return this.scheduler.now - SETUP_MS
  }

  get names(): readonly Name[] {
    return [...this.#processes.keys()]
  }

  get framesSent(): number {
    return this.#network.framesSent - this.#framesBefore
  }

  isAlive(name: Name): boolean {
    return this.#processes.get(name)?.isAlive === true
  }

  linkState(a: Name, b: Name): LinkState {
    return this.#links.state(a, b)
  }

  freeze(name: Name, forMs: number): void {
    const process = this.#processes.get(name)
    if (process === undefined || !this.isAwake(name)) return
    process.backlog = []
    this.scheduler.after(forMs, () => {
      const waiting = process.backlog ?? []
      process.backlog = undefined
      for (const run of waiting) this.turn(name, run)
    })
  }

  cut(a: Name, b: Name): void {
    if (!this.#areThere(a, b)) return
    for (const [from, to] of this.#links.cut(a, b)) this.#network.cut(idOf(from), idOf(to))
  }

  mend(a: Name, b: Name): void {
    for (const [from, to] of this.#links.mend(a, b)) this.#network.mend(idOf(from), idOf(to))
  }

  lose(from: Name, to: Name, forMs: number): void {
    this.#network.mute(idOf(from), idOf(to))
    this.scheduler.after(forMs, () => this.#network.break(idOf(from), idOf(to), 0))
  }

  delay(from: Name, to: Name, ms: number): void {
    this.#links.delay(from, to, ms)
    this.#shape(from, to)
  }

  run(untilMs: number): void {
    this.scheduler.run(untilMs + SETUP_MS)
  }

  at(ms: number, run: () => void): void {
    this.scheduler.at(ms + SETUP_MS, run)
  }

  /** Starts one, with links to all that run. */
  protected start(name: Name): void {
    const others = this.names.filter((other) => this.isAlive(other))
    const links = this.#network.attach(
      idOf(name),
      {
        up: (other) => this.up(name, other),
        down: (other) => {
          if (!this.isAlive(other)) this.gone(name, other)
        },
        frame: (from, bytes) => this.received(name, from, bytes),
      },
      (run) => this.turn(name, run),
    )
    this.#processes.set(name, { links, isAlive: true, backlog: undefined })
    for (const other of others) {
      this.#network.introduce(idOf(name), idOf(other))
      for (const [from, to] of bothWays(name, other)) this.#shape(from, to)
    }
  }

  /** Lets the first links come up; the scenario's time begins when they are. */
  protected settle(): void {
    this.scheduler.run(SETUP_MS)
    this.#framesBefore = this.#network.framesSent
  }

  protected isAwake(name: Name): boolean {
    return this.isAlive(name) && this.#processes.get(name)?.backlog === undefined
  }

  protected send(from: Name, to: Name, bytes: Uint8Array): void {
    if (from !== to && this.isAlive(from)) this.#processes.get(from)?.links.send(idOf(to), bytes)
  }

  /** Something reaches the process: now, when it goes on, or never. */
  protected turn(name: Name, run: () => void): void {
    const process = this.#processes.get(name)
    if (!process?.isAlive) return
    if (process.backlog === undefined) run()
    else process.backlog.push(run)
  }

  /** `isFlushed`: what it sent last arrives. */
  protected end(name: Name, isFlushed: boolean): void {
    this.#processes.get(name)!.isAlive = false
    this.#network.detach(idOf(name), () => NEVER_MS, isFlushed)
    const others = this.names.filter((other) => this.isAlive(other))
    for (const [other, afterMs] of noticesMs(this.#seed, name, others)) {
      this.scheduler.after(afterMs, () => this.turn(other, () => this.gone(other, name)))
    }
  }

  #shape(from: Name, to: Name): void {
    const ms = this.#links.delayMs(from, to)
    this.#network.delayed(idOf(from), idOf(to), Math.max(0, ms - DELAY_MIN_MS))
  }

  #areThere(...names: readonly Name[]): boolean {
    return names.every((name) => this.#processes.has(name))
  }
}

function idOf(name: Name): PeerId {
  return name as PeerId
}
