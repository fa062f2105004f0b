import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildDocs, unlisted } from '../../demo/build/docs-site.ts'
import { drawFigure } from '../../demo/build/figure.ts'
import { highlight } from '../../demo/build/highlight.ts'
import { slimSimplePeer } from '../../demo/build/slim-simple-peer.ts'
import { scenarios } from '../bench/scenarios.ts'
import { root, typeScriptFiles } from './support/files.ts'

describe('the documentation', () => {
  let files: Map<string, string>
  const pages = (): [string, string][] => [...files].filter(([name]) => name.endsWith('.html'))

  beforeAll(() => {
    files = buildDocs([{ name: 'tutti-chat.js', serverBytes: 87_300, localBytes: 71_400 }])
  })

  it('has the pages that were promised, each with a title of its own and in the contents', () => {
    const names = pages().map(([name]) => name)
    const wanted = ['index', 'start', 'guarantees', 'order', 'embedding', 'self-hosting', 'faults', 'comparison']
    for (const slug of [...wanted, 'rules', 'protocol', 'api', 'api-ui']) expect(names).toContain(`${slug}.html`)
    expect(unlisted()).toEqual([])
    const titles = pages().map(([, html]) => /<title>([^<]+)</.exec(html)?.[1])
    expect(new Set(titles).size).toBe(titles.length)
    const index = files.get('index.html')!
    for (const name of names) expect(index).toContain(`href="./${name}"`)
  })

  it('has no link that leads nowhere', () => {
    const broken = pages().flatMap(([name, html]) =>
      [...html.matchAll(/<a [^>]*href="([^"]+)"/g)]
        .map(([, href]) => href!)
        .filter((href) => !leadsSomewhere(name, href)),
    )
    expect(broken).toEqual([])
  })

  function leadsSomewhere(from: string, href: string): boolean {
    if (/^https:/.test(href)) return true
    const [path = '', anchor] = href.split('#')
    if (path.startsWith('../')) return existsSync(`${root}demo/${path.slice(3)}`)
    const page = files.get(path === '' ? from : path.replace('./', ''))
    return page !== undefined && (anchor === undefined || page.includes(` id="${anchor}"`))
  }

  it('gives each anchor once', () => {
    for (const [, html] of pages()) {
      const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    }
  })

  it('tells every export of every entry', () => {
    const text = typeScriptFiles(['peer']).find(({ path }) => path === 'peer/index.ts')!.text
    const names = [...text.matchAll(/[{,]\s*(?:type\s+)?(\w+)(?=[,\s}])/g)].map(([, name]) => name!)
    expect(names.length).toBeGreaterThan(30)
    for (const name of names) expect(files.get('api.html')).toContain(`id="${name}"`)
    expect(files.get('api.html')).toContain('suspectAfterMs')
  })

  it('tells of every error code what to do', () => {
    const text = typeScriptFiles(['peer']).find(({ path }) => path === 'peer/base/errors.ts')!.text
    const codes = [...text.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code!)
    expect(codes.length).toBeGreaterThan(10)
    for (const code of codes) expect(files.get('faults.html')).toContain(`<td><code>${code}</code></td>`)
  })

  it('names no row of the benchmarks that there is not', () => {
    const rows = scenarios.flatMap((scenario) => scenario.rows.map(({ name }) => name))
    const sources = ['comparison', 'order'].map((slug) => readFileSync(`${root}demo/docs/${slug}.md`, 'utf8')).join('')
    const names = [...sources.matchAll(/```bench\n(.*)\n/g)].flatMap(([, line]) => line!.split(' '))
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !rows.includes(name))).toEqual([])
  })

  it('keeps what is code and not markup as text', () => {
    expect(files.get('start.html')).toContain('&lt;')
    expect(files.get('start.html')).not.toMatch(/<tutti-group/)
  })

  it('is found whatever folder it is in', () => {
    for (const [name, html] of pages()) expect(html, name).not.toMatch(/(?:href|src)="\//)
  })
})

it('has on its pages the colours that the elements have', () => {
  const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8')
  const theirs = [...read('ui/theme.ts').matchAll(/var\(--tutti-([\w-]+), (light-dark\(.*?\))\)/g)]
  const found = [...read('demo/colors.css').matchAll(/--([\w-]+): (light-dark\(.*?\));/g)]
  const ours = new Map(found.map(([, name, color]) => [name, color]))
  // On the ground of a page what stands back has to be darker, and what is sunken lies deeper.
  const apart = ['muted', 'sunken']
  const shared = theirs.filter(([, name = '']) => ours.has(name) && !apart.includes(name))
  expect(shared.length).toBeGreaterThan(6)
  for (const [, name, color] of shared) expect(`${name}: ${ours.get(name)}`).toBe(`${name}: ${color}`)
})

describe('figures', () => {
  const members = 'members Ada, Bo\n'

  it('draw lines, arrows, and what waits', () => {
    const svg = drawFigure(`${members}causal Ada 1 > Bo 2/4 "a < b"`, 'two')
    expect(svg).toContain('aria-label="two"')
    expect(svg).toContain('a &lt; b')
    expect(svg.match(/class="dot"/g)).toHaveLength(2)
    expect(svg).toContain('class="waits"')
  })

  it.each(['causal Ada 1 > Cy 2', 'causal Ada x > Bo 2', 'causal Ada 1 > Bo', 'circle 3'])(
    'refuse nonsense: %s',
    (line) => {
      expect(() => drawFigure(`${members}${line}`, '')).toThrow(/figure/)
    },
  )
})

it('highlights code and leaves nothing of it out', () => {
  const html = highlight(`const a = '<b>' // "c"`, 'ts')
  expect(html).toContain('<span class="string">\'&lt;b&gt;\'</span>')
  expect(html).toContain('<span class="comment">// &quot;c&quot;</span>')
  expect(highlight('<b>', 'unknown')).toBe('&lt;b&gt;')
})

it('knows the simple-peer that is installed', () => {
  const plugin = slimSimplePeer() as unknown as {
    resolveId(id: string): string
    transform(code: string, id: string): object
  }
  const path = plugin.resolveId('simple-peer/simplepeer.min.js')
  expect(() => plugin.transform(readFileSync(path, 'utf8'), path)).not.toThrow()
  expect(() => plugin.transform('const a = require("b")\n', path)).toThrow(/simple-peer/)
})
