import { describe, expect, it } from 'vitest'
import { foldersOf, isFolder, typeScriptFiles } from './support/files.ts'
import { checkImports, importsOf, tableFolders } from './support/import-table.ts'

const sources = typeScriptFiles(['signaling', 'peer', 'ui', 'demo', 'tests'])

describe('the import table', () => {
  it('is kept by every source file', () => {
    expect(sources.length).toBeGreaterThan(10)
    expect(checkImports(sources)).toEqual([])
  })

  it('names every folder of peer', () => {
    for (const folder of foldersOf('peer')) expect(tableFolders).toContain(folder)
  })

  it.each(tableFolders.filter(isFolder))('saw a file of %s', (folder) => {
    expect(sources.some((file) => file.path.startsWith(`${folder}/`))).toBe(true)
  })
})

describe('checkImports', () => {
  const judge = (path: string, text: string): string[] => checkImports([{ path, text }])

  it('allows what the table allows', () => {
    expect(judge('peer/base/a.ts', `import { b } from './b.ts'`)).toEqual([])
    expect(judge('peer/engine/a.ts', `import { b } from '../ordering/b.ts'; export * from '../base/c.ts'`)).toEqual([])
    expect(judge('peer/transport/a.ts', `import type { b } from '../../signaling/protocol.ts'`)).toEqual([])
    expect(judge('signaling/rooms.ts', `import { b } from './protocol.ts'`)).toEqual([])
    expect(judge('signaling/witness.ts', `import '../peer/membership/acceptor.ts'`)).toEqual([])
    expect(judge('signaling/server.ts', `import './witness.ts'; import 'node:fs'`)).toEqual([])
    expect(judge('peer/transport/signaling-loopback.ts', `import '../../signaling/witness.ts'`)).toEqual([])
    expect(judge('ui/roster/a.ts', `import '../../peer/index.ts'; import 'lit'`)).toEqual([])
    expect(judge('demo/lab/a.ts', `import '../../peer/simulator/world.ts'; import '../style.css'`)).toEqual([])
    expect(judge('tests/sim/a.ts', `import '../../peer/engine/engine.ts'`)).toEqual([])
    expect(judge('tests/checkers/a.ts', `import './b.ts'; import 'node:fs'`)).toEqual([])
    expect(judge('tests/checkers/a.test.ts', `import './b.ts'; import { it } from 'vitest'`)).toEqual([])
  })

  it.each([
    ['a sibling', 'peer/ordering/a.ts', `import { b } from '../membership/b.ts'`],
    ['a sibling, for its types only', 'peer/ordering/a.ts', `import type { b } from '../membership/b.ts'`],
    ['a sibling, by a type query', 'peer/ordering/a.ts', `let x: import('../transfer/b.ts').B`],
    ['a sibling, by a re-export', 'peer/transfer/a.ts', `export { b } from '../ordering/b.ts'`],
    ['a layer to the right', 'peer/wire/a.ts', `import { b } from '../engine/b.ts'`],
    ['a layer to the right, dynamically', 'peer/runtime/a.ts', `const b = import('../client/b.ts')`],
    ['a layer to the right, as a worker', 'peer/base/a.ts', `new Worker(new URL('../client/b.ts', import.meta.url))`],
    ['the runtime', 'peer/transport/a.ts', `import { b } from '../runtime/b.ts'`],
    ['the server', 'peer/transport/a.ts', `import { b } from '../../signaling/rooms.ts'`],
    ['the witness', 'peer/transport/signaling-client.ts', `import '../../signaling/witness.ts'`],
    ['a Node module', 'signaling/witness.ts', `import 'node:fs'`],
    ['the barrel', 'peer/client/a.ts', `import { b } from '../index.ts'`],
    ['the simulator', 'peer/index.ts', `export * from './simulator/world.ts'`],
    ['the simulator', 'demo/board.ts', `import '../peer/simulator/world.ts'`],
    ['the inside of the package', 'ui/a.ts', `import { b } from '../peer/client/b.ts'`],
    ['the inside of the package', 'demo/a.ts', `import { b } from '../signaling/rooms.ts'`],
    ['the engine', 'signaling/witness.ts', `import { b } from '../peer/engine/b.ts'`],
    ['the base', 'signaling/rooms.ts', `import { b } from '../peer/base/b.ts'`],
    ['the engine', 'tests/checkers/a.ts', `import { b } from '../../peer/engine/b.ts'`],
    ['a package', 'tests/checkers/a.ts', `import { b } from 'valibot'`],
    ['a package', 'peer/engine/a.ts', `import { b } from 'valibot'`],
    ['a Node module', 'peer/client/a.ts', `import { b } from 'node:fs'`],
    ['a file without its extension', 'peer/base/a.ts', `import { b } from './b'`],
    ['something outside', 'tests/a.ts', `import { b } from '../../elsewhere/b.ts'`],
  ])('refuses %s (%s)', (_what, path, text) => {
    expect(judge(path, text)).toHaveLength(1)
  })

  it('refuses a file that has no place', () => {
    expect(judge('peer/helpers.ts', '')).toEqual(['peer/helpers.ts has no place in the import table'])
  })

  it('is not misled by comments, strings and regular expressions', () => {
    const text = `// import '../engine/a.ts'\nconst s = "import x from '../engine/b.ts'"; const r = /['"\`]/\nnew URL('../d.ts', import.meta.url)\nimport './c.ts'`
    expect(importsOf({ path: 'peer/base/a.ts', text })).toEqual(['./c.ts'])
  })
})
