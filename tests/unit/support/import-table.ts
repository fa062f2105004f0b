import { posix } from 'node:path'
import { parseAst } from 'vite'
import type { SourceFile } from './files.ts'

/**
 * Who may import whom. A file belongs to the row with the longest matching prefix; it may import its own row and what
 * the row names. A name that ends in `/` is a folder, any other one file. Rows that are `browser` take no `node:`
 * module; rows that are `pure` take no package at all.
 */
interface Row {
  from: string
  sees: readonly string[]
  kind: 'pure' | 'browser' | 'any'
}

const toBase = ['peer/base/']
const toWire = [...toBase, 'peer/wire/']
const toProtocols = [...toWire, 'peer/membership/', 'peer/ordering/', 'peer/transfer/']
const toEngine = [...toProtocols, 'peer/engine/']
const toRuntime = [...toEngine, 'peer/runtime/']
const toClient = [...toRuntime, 'peer/transport/', 'peer/client/']
const LOOPBACK = 'peer/transport/signaling-loopback.ts'
const WITNESS = 'signaling/witness.ts'
const testTools = new Set(['vitest', 'fast-check'])
const entries = [
  'peer/index.ts',
  'peer/worker/index.ts',
  'peer/worker/script.ts',
  'peer/local/index.ts',
  'peer/faults/index.ts',
  'peer/yjs/index.ts',
  'ui/index.ts',
  'ui/define.ts',
  'ui/editor/index.ts',
  'ui/editor/define.ts',
  'signaling/index.ts',
]

const table: readonly Row[] = [
  { from: 'peer/base/', sees: [], kind: 'pure' },
  { from: 'peer/wire/', sees: toBase, kind: 'pure' },
  { from: 'peer/membership/', sees: toWire, kind: 'pure' },
  { from: 'peer/ordering/', sees: toWire, kind: 'pure' },
  { from: 'peer/transfer/', sees: toWire, kind: 'pure' },
  { from: 'peer/engine/', sees: toProtocols, kind: 'pure' },
  { from: 'peer/runtime/', sees: toEngine, kind: 'browser' },
  { from: 'peer/transport/', sees: [...toBase, 'signaling/protocol.ts'], kind: 'browser' },
  // It holds a witness itself, as the server does. The client that pages load must not, and keeps to the row above.
  { from: LOOPBACK, sees: [...toBase, 'peer/transport/', 'signaling/protocol.ts', WITNESS], kind: 'browser' },
  { from: 'peer/client/', sees: toClient, kind: 'browser' },
  { from: 'peer/worker/', sees: toClient, kind: 'browser' },
  { from: 'peer/local/', sees: ['peer/transport/'], kind: 'browser' },
  { from: 'peer/faults/', sees: toClient, kind: 'browser' },
  { from: 'peer/yjs/', sees: [...toClient, 'peer/index.ts'], kind: 'browser' },
  { from: 'peer/toolkit/', sees: toClient, kind: 'browser' },
  // The simulated server runs the shipping witness.
  { from: 'peer/simulator/', sees: [...toRuntime, 'signaling/witness.ts'], kind: 'browser' },
  { from: 'peer/index.ts', sees: toClient, kind: 'browser' },
  { from: 'signaling/', sees: [], kind: 'any' },
  { from: 'signaling/protocol.ts', sees: ['signaling/'], kind: 'browser' },
  { from: WITNESS, sees: ['signaling/protocol.ts', ...toWire, 'peer/membership/acceptor.ts'], kind: 'browser' },
  { from: 'ui/', sees: ['peer/index.ts', 'peer/local/index.ts', 'peer/yjs/index.ts'], kind: 'browser' },
  { from: 'demo/', sees: entries, kind: 'any' },
  { from: 'demo/lab/', sees: ['demo/', ...entries, 'peer/simulator/'], kind: 'browser' },
  { from: 'demo/lab.ts', sees: ['demo/', ...entries, 'peer/simulator/'], kind: 'browser' },
  { from: 'tests/', sees: [''], kind: 'any' },
  { from: 'tests/checkers/', sees: [], kind: 'any' },
]

/** The folders of the table, without the slash at the end. */
export const tableFolders = table.filter((row) => row.from.endsWith('/')).map((row) => row.from.slice(0, -1))

/** One line for each import that the table does not allow; empty when all is well. */
export function checkImports(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const row = rowOf(file.path)
    if (row === undefined) return [`${file.path} has no place in the import table`]
    return importsOf(file).flatMap((specifier) => {
      const reason = specifier.startsWith('.') ? judgeRelative(file.path, row, specifier) : judgePackage(row, specifier)
      return reason === undefined ? [] : [`${file.path} imports '${specifier}': ${reason}`]
    })
  })
}

/** Every module that a file names: imports and re-exports, of values and of types, dynamic ones, workers. */
export function importsOf({ path, text }: SourceFile): string[] {
  const found: string[] = []
  visit(parseAst(text, { lang: 'ts' }, path), (node) => {
    if (modulePositions.has(node.type as string)) found.push(...literal(node.source))
    if (node.type === 'NewExpression' && /^(?:Shared)?Worker$/.test(String((node.callee as Node).name))) {
      found.push(...workerModule((node.arguments as Node[])[0]))
    }
  })
  return found
}

type Node = Record<string, unknown>

const modulePositions = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

function visit(value: unknown, look: (node: Node) => void): void {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value) && typeof (value as Node).type === 'string') look(value as Node)
  for (const child of Object.values(value)) visit(child, look)
}

function literal(node: unknown): string[] {
  const value = (node as Node | null | undefined)?.value
  return typeof value === 'string' ? [value] : []
}

/** `new URL('./module.ts', import.meta.url)`: how bundlers are told of a worker's module. */
function workerModule(node: Node | undefined): string[] {
  return node?.type === 'NewExpression' ? literal((node.arguments as Node[])[0]) : []
}

function rowOf(path: string): Row | undefined {
  const matching = table.filter(({ from }) => (from.endsWith('/') ? path.startsWith(from) : path === from))
  return matching.sort((a, b) => b.from.length - a.from.length)[0]
}

function judgeRelative(path: string, row: Row, specifier: string): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier.replace(/\?.*$/, '')))
  if (target.startsWith('..')) return 'it is outside the package'
  if (posix.extname(target) === '') return 'a relative import ends in its file extension'
  const own = target.startsWith(row.from)
  const seen = row.sees.some((name) => (name === '' || name.endsWith('/') ? target.startsWith(name) : target === name))
  return own || seen ? undefined : `${row.from} does not see ${target}`
}

function judgePackage(row: Row, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) {
    if (row.kind !== 'any') return `${row.from} runs in a page`
    return undefined
  }
  if (row.kind === 'pure') return `${row.from} is pure and takes no package`
  if (row.from === 'tests/checkers/' && !testTools.has(specifier)) return 'the checkers stand on their own'
  return undefined
}
