import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname } from 'node:path'
import { build } from 'vite'

export interface Site extends AsyncDisposable {
  readonly address: string
}

/** Serves an empty page with one script, built from `file` as an application would build it, at an address of this machine. */
export async function serveScript(file: string, host = '127.0.0.1'): Promise<Site> {
  const script = await buildScript(file)
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(
      isScript
        ? script
        : `<!doctype html><title>${basename(file)}</title><script type="module" src="page.js"></script>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    address: `http://${host}:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function buildScript(file: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    root: dirname(file),
    build: { write: false, minify: false, rolldownOptions: { input: file } },
  })
  const chunks = [output].flat().flatMap((one) => ('output' in one ? one.output : []))
  const script = chunks.find((chunk) => chunk.type === 'chunk' && chunk.isEntry)
  if (script?.type !== 'chunk') throw new Error('the build gave no script')
  return script.code
}
