import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname } from 'node:path'
import { build } from 'vite'

export interface Site extends AsyncDisposable {
  readonly address: string
}

/** Serves an empty page with one script, and what that loads, built from `file` as an application would build it, at an address of this machine. */
export async function serveScript(file: string, host = '127.0.0.1'): Promise<Site> {
  const { scripts, entry } = await buildScripts(file)
  const page = `<!doctype html><title>${basename(file)}</title><script type="module" src="${entry}"></script>`
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '')
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
    response.end(script ?? page)
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

/** By their paths: the page's, which is named, and those of its workers and of what it loads later. */
async function buildScripts(file: string): Promise<{ scripts: Map<string, string>; entry: string }> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: dirname(file),
    build: { write: false, minify: false, rolldownOptions: { input: file } },
  })
  const parts = [result].flat().flatMap((one) => ('output' in one ? one.output : []))
  const scripts = new Map<string, string>()
  let entry: string | undefined
  for (const part of parts) {
    if (part.fileName.endsWith('.js')) {
      scripts.set(`/${part.fileName}`, String('code' in part ? part.code : part.source))
    }
    if (part.type === 'chunk' && part.isEntry) entry = `/${part.fileName}`
  }
  if (entry === undefined) throw new Error('the build gave no script')
  return { scripts, entry }
}
