import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** The pages of `pages/` that a tab can show, by file name. */
export const pageNames = [
  'raw',
  'simple-peer',
  'trystero',
  'y-webrtc',
  'tutti',
  'tutti-in-worker',
  'tutti-load',
] as const
export type PageName = (typeof pageNames)[number]

export interface Site extends AsyncDisposable {
  /** Address of a page. */
  address(page: PageName): string
}

export interface SiteOptions {
  /** Leaves the names of functions in place, for profiles. Default: minified, as an application ships it. */
  readonly readable?: boolean
}

/** Serves the pages, each built as an application would build it, at an address of this machine. */
export async function openSite({ readable = false }: SiteOptions = {}): Promise<Site> {
  const scripts = new Map<string, string>()
  for (const page of pageNames) {
    for (const [path, code] of await buildPage(page, readable)) scripts.set(path, code)
  }
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    const script = scripts.get(path)
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
    // A page that is isolated from others has a clock of 5 microseconds, one that is not of 100.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    response.end(script ?? `<!doctype html><title>bench</title><script type="module" src="${path}.js"></script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: (page) => `http://127.0.0.1:${port}/${page}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The script of a page, as `/page.js`, which those that it loads later import too, and those of its workers. */
async function buildPage(page: PageName, readable: boolean): Promise<[path: string, code: string][]> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../pages', import.meta.url)),
    build: {
      write: false,
      minify: !readable,
      rolldownOptions: {
        input: fileURLToPath(new URL(`../pages/${page}.ts`, import.meta.url)),
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  const files = [output].flat().flatMap((one) => ('output' in one ? one.output : []))
  return files.map((file) => [`/${file.fileName}`, file.type === 'asset' ? `${file.source}` : file.code])
}
