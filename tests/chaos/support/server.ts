import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A signaling server in a process of its own, that can be killed and comes back at the same address. */
export class Server implements AsyncDisposable {
  readonly #host: string
  #port = 0
  #process: ChildProcess | undefined
  #ended: Promise<unknown> = Promise.resolve()

  private constructor(host: string) {
    this.#host = host
  }

  static async start(host: string): Promise<Server> {
    const server = new Server(host)
    // No group lives yet, so the first founder need not wait for one to come back.
    await server.#start(0)
    return server
  }

  get address(): string {
    return `http://${this.#host}:${this.#port}`
  }

  /** Resolves when it is dead; its last words are unsaid. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL')
    await this.#ended
  }

  /** A new server, as it comes, at the address of the one before. */
  async restart(): Promise<void> {
    await this.#start()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }

  async #start(bootGraceMs = 3_000): Promise<void> {
    const args = ['--import', 'tsx', script, this.#host, `${this.#port}`, `${bootGraceMs}`]
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#process = child
    this.#ended = once(child, 'exit')
    const line = once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => Number(text))
    const port = await Promise.race([line, this.#ended.then(() => 0)])
    if (port === 0) throw new Error('the signaling server ended before it listened')
    this.#port = port
  }
}

const script = fileURLToPath(new URL('server-process.ts', import.meta.url))
