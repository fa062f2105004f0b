import { execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { root, trackedFiles } from './support/files.ts'
import * as tidy from './support/tidy-rules.ts'

const files = trackedFiles()
const file = (path: string): string | undefined => files.find((candidate) => candidate.path === path)?.text

describe('the tree', () => {
  it('is there to be read', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(file('package-lock.json')).toBeDefined()
  })

  it('binds the lock file to no registry', () => {
    expect(tidy.downloadAddresses(file('package-lock.json')!)).toEqual([])
  })

  it('locks the optional packages of every platform', () => {
    expect(tidy.missingFromLock(file('package-lock.json')!)).toEqual([])
  })

  it('names no registry host and no directory of one machine', () => {
    const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', stdio: 'pipe' }).trim()
    const machine = [root.replace(/\/$/, ''), `${homedir()}/`].filter((path) => /^\/\w+\/./.test(path))
    const anyMachine = [/\bregistry\.[a-z]+[a-z.]*\.[a-z]{2,}\b/, /\/(?:home|Users)\/[a-z]\w*\//, /\/root\//]
    expect(tidy.filesNaming([...anyMachine, new URL(registry).host, ...machine], files)).toEqual([])
  })

  it('keeps source files short', () => {
    expect(tidy.longFiles(files)).toEqual([])
  })

  it('opens each protocol with its purpose, needs, promises and source', () => {
    expect(tidy.protocolsWithoutHeader(files)).toEqual([])
  })

  it('keeps clocks and randomness out of the core', () => {
    expect(tidy.impureCore(files)).toEqual([])
  })

  it('leaves no test out and waits for no fixed time', () => {
    expect(tidy.lameTests(files)).toEqual([])
  })

  it('names every rule of the specification in the title of a test', () => {
    const tested = tidy.testedIds(files)
    const specification = file('peer/SPEC.md')
    const rules = specification === undefined ? [] : tidy.ruleIds(specification)
    if (specification !== undefined) expect(rules.length).toBeGreaterThan(20)
    expect(rules.filter((id) => !tested.has(id))).toEqual([])
  })
})

describe('the rules of tidiness', () => {
  it('find words that belong to one machine', () => {
    expect(tidy.filesNaming(['/a/b'], [{ path: 'x.md', text: 'see /a/b/c' }])).toEqual(['x.md names /a/b'])
    expect(tidy.filesNaming(['/a/b'], [{ path: 'x.md', text: 'see /a' }])).toEqual([])
  })

  it('find download addresses', () => {
    const lock = { packages: { '': {}, 'node_modules/a': { resolved: 'https://example.org/a.tgz' } } }
    expect(tidy.downloadAddresses(JSON.stringify(lock))).toEqual(['node_modules/a has a download address'])
  })

  it('find what a lock file lacks', () => {
    const tool = { optionalDependencies: { 'tool-linux': '1', 'tool-darwin': '1' } }
    const lock = { packages: { '': {}, 'node_modules/tool': tool, 'node_modules/tool-linux': {} } }
    expect(tidy.missingFromLock(JSON.stringify(lock))).toEqual([
      'node_modules/tool may need tool-darwin, which is not locked',
    ])
  })

  it('find long files', () => {
    expect(tidy.longFiles([{ path: 'peer/base/a.ts', text: '\n'.repeat(401) }])).toHaveLength(1)
    expect(tidy.longFiles([{ path: 'peer/base/a.ts', text: '\n'.repeat(400) }])).toEqual([])
  })

  it('find a protocol without its header', () => {
    const header = '/**\n * Purpose: a\n * Requires: b\n * Guarantees: c\n * Source: d\n */\n'
    const judge = (text: string): string[] => tidy.protocolsWithoutHeader([{ path: 'peer/ordering/a.ts', text }])
    expect(judge(`${header}export {}`)).toEqual([])
    expect(judge('// Purpose, requires, guarantees\n// and source\nexport {}')).toEqual([])
    expect(judge(`export {}\n${header}`)).toHaveLength(1)
    expect(judge(header.replace('Requires', 'Wants'))).toEqual(['peer/ordering/a.ts does not open with Requires'])
  })

  it('find clocks and randomness in the core', () => {
    expect(tidy.impureCore([{ path: 'peer/engine/a.ts', text: 'f(Math.random())' }])).toHaveLength(1)
    expect(tidy.impureCore([{ path: 'peer/engine/a.ts', text: '// no Math.random here' }])).toEqual([])
  })

  it.each([`it.${'only'}('a')`, `describe.${'skip'}('a')`, `test.${'fixme'}()`, `await page.waitFor${'Timeout'}(5)`])(
    'find a lame test: %s',
    (text) => {
      expect(tidy.lameTests([{ path: 'tests/unit/a.test.ts', text }])).toHaveLength(1)
    },
  )

  it('tell defined rules from mentioned ones, and tested ones from mentioned ones', () => {
    const specification = '- **VW1** A peer, see DL1.\n### VW2 Views\n| OR1 | order |\nas VW9 says\n'
    expect(tidy.ruleIds(specification)).toEqual(['VW1', 'VW2', 'OR1'])
    const text = `// it('no [ST1]')
      it('one [VW1]', f); it.each([1])("two [VW2][OR1]", f); test(\`three [DL1, DL2] of it\`, f)
      const cases = [{ title: 'four [PT1]' }]; const other = 'five [RC1]'`
    expect([...tidy.testedIds([{ path: 'tests/a.test.ts', text }])].sort()).toEqual(
      ['DL1', 'DL2', 'OR1', 'PT1', 'VW1', 'VW2'].sort(),
    )
  })
})
