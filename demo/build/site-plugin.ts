import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import type { Plugin } from 'vite'
import { buildDocs } from './docs-site.ts'
import { buildEmbed, embedSizes } from './embed.ts'
import { root } from './paths.ts'

/**
 * What of the site is no page with scripts of its own: the documentation, the files to embed, and the page that embeds
 * them, which is kept as it is, for it is shown as an example. While the sources are served, each is made when it is asked for.
 */
export function sitePlugin(): Plugin {
  return {
    name: 'site',
    async generateBundle() {
      for (const [fileName, source] of await siteFiles()) this.emitFile({ type: 'asset', fileName, source })
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        serve(request, response).then((answered) => answered || next(), next)
      })
    },
  }
}

async function siteFiles(): Promise<Map<string, string>> {
  const embed = await buildEmbed()
  const docs = buildDocs(embedSizes(embed))
  return new Map([
    ['embed.html', embedPage()],
    ...embed.map(({ name, content }) => [`embed/${name}`, content] as const),
    ...[...docs].map(([name, content]) => [`docs/${name}`, content] as const),
  ])
}

function embedPage(): string {
  return readFileSync(`${root}demo/embed.html`, 'utf8')
}

/** True: it was answered. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = new URL(request.url ?? '/', 'http://site').pathname.slice(1).replace(/^docs\/$/, 'docs/index.html')
  const content = await contentOf(path)
  if (content === undefined) return false
  response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
  response.end(content)
  return true
}

async function contentOf(path: string): Promise<string | undefined> {
  if (path === 'embed.html') return embedPage()
  if (path.startsWith('docs/')) return buildDocs([]).get(path.slice('docs/'.length))
  if (!/^embed\/.*\.(?:js|map)$/.test(path)) return undefined
  return (await buildEmbed()).find(({ name }) => `embed/${name}` === path)?.content
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
}
