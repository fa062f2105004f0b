import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

export interface Site {
  readonly address: string
  close(): Promise<void>
}

/** Serves a page whose script is `transport-page.ts`, built as an application would build it. */
export async function serveTransportPage(): Promise<Site> {
  const script = await buildScript()
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(
      isScript ? script : '<!doctype html><title>transport</title><script type="module" src="page.js"></script>',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function buildScript(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: fileURLToPath(new URL('transport-page.ts', import.meta.url)) },
    },
  })
  const chunks = [output].flat().flatMap((one) => ('output' in one ? one.output : []))
  const script = chunks.find((chunk) => chunk.type === 'chunk' && chunk.isEntry)
  if (script?.type !== 'chunk') throw new Error('the build gave no script')
  return script.code
}
