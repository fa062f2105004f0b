import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Builds the demo, then serves it and introduces its visitors, on one port of all interfaces: `PORT`, or 8080.

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0))

try {
  const port = readPort(process.env.PORT)
  // Before what takes long, so that a port in use is said at once.
  await checkFree(port)
  const folder = await buildPage()
  const { createSignalingServer } = await import('../signaling/index.ts')
  const server = await createSignalingServer({ port, serve: folder })
  // Until then nobody is named founder, and those who open the page would wait for each other.
  await server.ready
  console.log(`${server.url}/`)
} catch (error) {
  console.error(`tutti: ${(error as Error).message}`)
  process.exit(1)
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 8080
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new Error(`PORT is ${text}: it must be a number from 0 to 65535`)
}

function checkFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use' : `can't be listened on (${error.code})`
      reject(new Error(`port ${port} ${reason}: name another one, as in PORT=8081 npm start`))
    })
    probe.listen(port, () => probe.close(() => resolve()))
  })
}

/** Gives the folder of the built page, which lasts as long as this process: others may be serving it, too. Warnings go to stderr. */
async function buildPage(): Promise<string> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const folder = await mkdtemp(join(tmpdir(), 'tutti-demo-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const [{ build }, { servedWithSignaling }] = await Promise.all([import('vite'), import('./served.ts')])
  await build({
    configFile: `${root}vite.config.ts`,
    logLevel: 'warn',
    plugins: [servedWithSignaling()],
    build: { outDir: folder },
  })
  return folder
}
