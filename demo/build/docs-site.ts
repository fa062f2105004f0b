import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { apiPage, readApi } from './docs-api.ts'
import { benchMachine, benchTable, readResults } from './docs-bench.ts'
import { elementsReference } from './docs-elements.ts'
import { type Rendered, renderCode, renderMarkdown, wrapTable } from './docs-markdown.ts'
import { type Chapter, pageOf } from './docs-template.ts'
import type { EmbedSize } from './embed.ts'
import { makeManifest } from './manifest.ts'
import { root } from './paths.ts'

/** What the contents list shows, in this order. A page comes from `demo/docs/<slug>.md` unless it is named here otherwise. */
const contents: readonly { readonly title: string; readonly slugs: readonly string[] }[] = [
  { title: 'Begin', slugs: ['index', 'start', 'guarantees', 'order'] },
  { title: 'Use', slugs: ['embedding', 'self-hosting', 'faults', 'migrating-from-y-webrtc', 'comparison'] },
  { title: 'Exactly', slugs: ['rules', 'protocol'] },
]

const sources: Readonly<Record<string, string>> = { rules: 'peer/SPEC.md', protocol: 'peer/PROTOCOL.md' }

/** Builds the documentation: the content of each file by its name. `sizes`: of the files to embed. */
export function buildDocs(sizes: readonly EmbedSize[]): Map<string, string> {
  const api = readApi()
  const pages = new Map<string, Rendered>()
  const directives = makeDirectives(sizes)
  for (const slug of contents.flatMap(({ slugs }) => slugs)) {
    const path = sourceOf(slug)
    if (existsSync(`${root}${path}`)) {
      pages.set(slug, renderMarkdown(read(path), { link: (target) => linkFrom(path, target), directives }))
    }
  }
  const entries = `<p>Other entries: ${api.map(({ slug, name }) => `<a href="./${slug}.html"><code>${name}</code></a>`).join(' · ')}</p>`
  for (const entry of api) pages.set(entry.slug, apiPage(entry, api, entries))
  const chapters: readonly Chapter[] = [
    ...contents.map(({ title, slugs }) => ({ title, pages: chapterPages(slugs, pages) })),
    { title: 'The API', pages: api.map(({ slug, name }) => ({ slug, title: name })) },
  ]
  const files = [...pages].map(([slug, page]) => [`${slug}.html`, pageOf(slug, page, chapters)] as const)
  const assets = ['colors.css', 'docs/docs.css', 'docs/docs.js']
  return new Map([...files, ...assets.map((path) => [posix.basename(path), read(`demo/${path}`)] as const)])
}

function chapterPages(slugs: readonly string[], pages: ReadonlyMap<string, Rendered>): Chapter['pages'] {
  return slugs.flatMap((slug) => {
    const page = pages.get(slug)
    return page === undefined ? [] : [{ slug, title: page.title }]
  })
}

/** Every Markdown file of demo/docs must be in the contents list. */
export function unlisted(): string[] {
  const listed = new Set(contents.flatMap(({ slugs }) => slugs))
  return readdirSync(`${root}demo/docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replace(/\.md$/, ''))
    .filter((slug) => !listed.has(slug))
}

function sourceOf(slug: string): string {
  return sources[slug] ?? `demo/docs/${slug}.md`
}

/** Where a link of a source leads in the site; undefined where it leads out of it, to files that are not in it. */
function linkFrom(path: string, target: string): string | undefined {
  const [file = '', anchor] = target.split('#')
  const hash = anchor === undefined ? '' : `#${anchor}`
  const place = posix.join(posix.dirname(path), file)
  const slug = Object.entries(sources).find(([, source]) => source === place)?.[0]
  if (slug !== undefined) return `./${slug}.html${hash}`
  if (/^demo\/docs\/[\w-]+\.md$/.test(place)) return `./${posix.basename(place, '.md')}.html${hash}`
  if (/^demo\/[\w/-]+\.html$/.test(place)) return `${posix.relative('demo/docs', place)}${hash}`
  return undefined
}

function makeDirectives(sizes: readonly EmbedSize[]): Record<string, (text: string) => string> {
  return {
    elements: () => elementsReference(makeManifest()),
    embed: () => renderCode(read('demo/embed.html').trimEnd(), 'html'),
    bench: (text) => benchTable(readResults(), text),
    machine: () => benchMachine(readResults()),
    sizes: () => sizesTable(sizes),
  }
}

function sizesTable(sizes: readonly EmbedSize[]): string {
  const rows = sizes.map(
    ({ name, serverBytes, localBytes }) =>
      `<tr><td><code>${name}</code></td><td>${kilobytes(serverBytes)} KB</td><td>${kilobytes(localBytes)} KB</td></tr>`,
  )
  return wrapTable(
    `<thead><tr><th>file</th><th>with a server</th><th>without</th></tr></thead><tbody>${rows.join('')}</tbody>`,
  )
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1)
}

function read(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8')
}
