import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'
import { createSignalingServer } from '../signaling/index.ts'
import { servedWithSignaling } from './served.ts'

// For work on the page: Vite serves the sources and reloads what changes; the signaling server answers on the same port.

const port = Number(process.env.PORT) || 8080
const vite = await createServer({
  configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
  plugins: [servedWithSignaling()],
  server: { port, strictPort: true, host: true },
})
const server = await createSignalingServer({ server: vite.httpServer as Server, bootGraceMs: 0 })
await vite.listen()
vite.printUrls()

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())

async function stop(): Promise<void> {
  await server.close()
  await vite.close()
  process.exit(0)
}
