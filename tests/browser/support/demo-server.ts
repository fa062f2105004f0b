import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The demo as `npm start` gives it, in a process of its own. */
export interface DemoServer extends AsyncDisposable {
  /** With a slash at its end. */
  readonly address: string
}

/** Resolves when the page can be asked for; rejects where it is not served. */
export async function startDemo(): Promise<DemoServer> {
  const server = spawn(process.execPath, ['--import', 'tsx', 'demo/start.ts'], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(server, 'exit')
  const failed = exit.then(() => Promise.reject(new Error('the demo ended before it served its page')))
  failed.catch(() => {})
  const [address] = await Promise.race([once(createInterface(server.stdout), 'line'), failed])
  return {
    address,
    async [Symbol.asyncDispose]() {
      server.kill()
      await exit
    },
  }
}
