import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

export interface Size {
  readonly minifiedBytes: number
  readonly gzippedBytes: number
}

export interface Share extends Size {
  /** A folder below the root of the repository. */
  readonly folder: string
}

const ENTRY = 'virtual:page'
const PACKAGES = ['simple-peer/simplepeer.min.js', 'socket.io-client']
const root = fileURLToPath(new URL('../..', import.meta.url))
/** What marks the end of a module, as no minifier can leave it out. */
const MARK = /globalThis\.moduleEnds\((\d+)\)[;,]?/g

/**
 * What a page loads that imports `connect`, and so `join`: `all` of it, where it has a server; what of that is there `atOnce`, and
 * is enough where there is none; and what of it is `ours`.
 */
export async function measure(): Promise<{ all: Size; atOnce: Size; ours: Size }> {
  const { now, later } = await bundle([])
  const own = await bundle(PACKAGES)
  return { all: sizeOf([...now, ...later]), atOnce: sizeOf(now), ours: sizeOf([...own.now, ...own.later]) }
}

/** What of it is in which folder; zipped, by how much less it would be without. Together that is less than the whole. */
export async function measureFolders(): Promise<Share[]> {
  const modules: string[] = []
  const { now, later } = await bundle(PACKAGES, modules)
  const code = [...now, ...later].join('')
  const parts: { readonly folder: string; readonly code: string }[] = []
  let at = 0
  for (const mark of code.matchAll(MARK)) {
    const path = relative(root, modules[Number(mark[1])]!)
    parts.push({ folder: path.split(sep).slice(0, 2).join('/'), code: code.slice(at, mark.index) })
    at = mark.index + mark[0].length
  }
  const without = (folder?: string) =>
    sizeOf([parts.flatMap((part) => (part.folder === folder ? [] : part.code)).join('')])
  const whole = without()
  return [...new Set(parts.map(({ folder }) => folder))].map((folder) => {
    const rest = without(folder)
    const minifiedBytes = whole.minifiedBytes - rest.minifiedBytes
    return { folder, minifiedBytes, gzippedBytes: whole.gzippedBytes - rest.gzippedBytes }
  })
}

interface Scripts {
  /** Those that the page imports by itself. */
  readonly now: string[]
  /** Those that it imports once it connects to a server. */
  readonly later: string[]
}

/** The scripts of a page, as its author's bundler makes them. Each of our modules ends in a mark if `modules` is there to note it. */
async function bundle(external: string[], modules?: string[]): Promise<Scripts> {
  const page = {
    name: 'page',
    resolveId: (id: string) => (id === ENTRY ? id : undefined),
    load(id: string) {
      if (id === ENTRY) return `import { connect } from '${root}peer/index.ts'; globalThis.connect = connect`
      if (modules === undefined || !id.endsWith('.ts')) return undefined
      return `${readFileSync(id, 'utf8')}\nglobalThis.moduleEnds(${modules.push(id) - 1})`
    },
  }
  const output = { format: 'es' } as const
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root,
    plugins: [page],
    // What a build for production takes of a package, whatever the tests run as.
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: { write: false, minify: true, target: 'es2022', rolldownOptions: { input: ENTRY, external, output } },
  })
  const chunks = 'output' in result ? result.output.filter((part) => part.type === 'chunk') : []
  // What a worker imports is not loaded until there is one.
  const entry = chunks.filter(({ isEntry, code }) => isEntry && code.includes('globalThis.connect'))
  if (entry.length === 0) throw new Error('the page has no script')
  const reached = (ways: (chunk: (typeof chunks)[number]) => readonly string[]): typeof chunks => {
    const found = new Set(entry)
    for (const from of found) for (const chunk of chunks) if (ways(from).includes(chunk.fileName)) found.add(chunk)
    return [...found]
  }
  const now = reached(({ imports }) => imports)
  const all = reached(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
  const codesOf = (some: typeof chunks): string[] => some.map(({ code }) => code)
  return { now: codesOf(now), later: codesOf(all.filter((chunk) => !now.includes(chunk))) }
}

/** Of several scripts, each zipped by itself. */
function sizeOf(scripts: readonly string[]): Size {
  const sum = (bytes: (script: string) => number): number => scripts.reduce((total, script) => total + bytes(script), 0)
  return { minifiedBytes: sum(Buffer.byteLength), gzippedBytes: sum((script) => gzipSync(script, { level: 9 }).length) }
}
