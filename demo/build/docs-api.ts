import { existsSync, readFileSync } from 'node:fs'
import { type Exported, readExports } from './api-declarations.ts'
import { type Heading, type Rendered, renderDocstring } from './docs-markdown.ts'
import { highlight } from './highlight.ts'
import { escapeHtml } from './html.ts'
import { root } from './paths.ts'

export interface ApiEntry {
  /** Of its page. */
  readonly slug: string
  /** As one imports it: `tutti/signaling`. */
  readonly name: string
  readonly exports: readonly Exported[]
  readonly about: string
}

/** What the package exports, entry by entry. Entries that export nothing by name are told in words elsewhere. */
export function readApi(): ApiEntry[] {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { exports: Record<string, unknown> }
  return Object.entries(exports).flatMap(([key, value]) => {
    const path = sourceOf((value as { default?: string }).default)
    if (path === undefined) return []
    const found = readExports(path)
    const slug = key === '.' ? 'api' : `api-${key.slice(2).replaceAll('/', '-')}`
    return found.length === 0 ? [] : [{ slug, name: `tutti${key.slice(1)}`, exports: found, about: aboutOf(path) }]
  })
}

function sourceOf(built: string | undefined): string | undefined {
  const path = built?.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts')
  return path !== undefined && existsSync(`${root}${path}`) ? path : undefined
}

/** The comment that the entry opens with. */
function aboutOf(path: string): string {
  const [, text = ''] = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(`${root}${path}`, 'utf8')) ?? []
  return text.replace(/\n\s*\* ?/g, '\n').trim()
}

/** One page: all that an entry exports, what can be called first. Names of types lead to where they are told. */
export function apiPage({ name, exports, about }: ApiEntry, all: readonly ApiEntry[], intro: string): Rendered {
  const order: readonly Exported['kind'][] = ['function', 'class', 'constant', 'interface', 'type']
  const sorted = order.flatMap((kind) => exports.filter((each) => each.kind === kind))
  const link = linker(all)
  const headings: Heading[] = sorted.map((each) => ({ depth: 2, text: each.name, slug: anchor(each.name) }))
  const html = [
    `<h1 id="top"><code>${name}</code></h1>`,
    renderDocstring(about),
    intro,
    ...sorted.map((each) => renderExport(each, link)),
  ].join('\n')
  return { title: name, html, headings }
}

/** Names of values and types may differ in case only. */
function anchor(name: string): string {
  return name
}

function renderExport({ name, kind, about, signature, members }: Exported, link: (html: string) => string): string {
  const told = members.map(
    (member) =>
      `<dt><code>${link(escapeHtml(unindent(member.signature)))}</code></dt><dd>${paragraphs(member.about)}</dd>`,
  )
  return [
    `<h2 id="${anchor(name)}"><code>${name}</code> <small>${kind}</small><a class="anchor" href="#${anchor(name)}" aria-label="Link to this section">#</a></h2>`,
    paragraphs(about),
    `<div class="code"><pre tabindex="0"><code>${link(highlight(unindent(signature), 'ts'))}</code></pre></div>`,
    told.length === 0 ? '' : `<dl class="members">${told.join('\n')}</dl>`,
  ].join('\n')
}

/** Makes links of the names that the package exports, in HTML whose tags carry none of them. */
function linker(entries: readonly ApiEntry[]): (html: string) => string {
  const places = new Map(
    entries.flatMap(({ slug, exports }) =>
      exports.map(({ name }) => [name, `./${slug}.html#${anchor(name)}`] as const),
    ),
  )
  const names = new RegExp(`(?<![\\w.'"$-])(${[...places.keys()].join('|')})(?![\\w'"-])(?![^<]*>)`, 'g')
  return (html) => html.replace(names, (name) => `<a href="${places.get(name)}">${name}</a>`)
}

function paragraphs(about: string): string {
  const tagged = about.replace(/^@param (\w+) -?\s*/gm, '\n`$1`: ').replace(/^@(\w+)/gm, '\n$1:')
  return renderDocstring(tagged)
}

function unindent(text: string): string {
  return text.replace(/\n {2}/g, '\n')
}
