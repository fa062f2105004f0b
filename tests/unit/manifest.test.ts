import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { editorFiles } from '../../demo/build/editor-data.ts'
import { elementsOf, makeManifest } from '../../demo/build/manifest.ts'
import { defineElements } from '../../ui/index.ts'
import { root, typeScriptFiles } from './support/files.ts'

const manifest = makeManifest()
const elements = elementsOf(manifest)
const sources = typeScriptFiles(['ui'])

/** The source of an element, with what stands in its folder. */
function folderOf(tag: string): string {
  const path = sources.find((file) => file.path.endsWith(`/${tag}.ts`))!.path
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return sources
    .filter((file) => file.path.startsWith(folder))
    .map(({ text }) => text)
    .join('\n')
}

/** By `tutti/ui/define`, and by entries of their own. */
function registeredTags(): string[] {
  return sources
    .filter(({ path }) => /\/define[\w-]*\.ts$/.test(path))
    .flatMap(({ text }) => [...text.matchAll(/'(tutti-[a-z]+)'/g)].map(([, tag]) => tag!))
}

describe('the manifest', () => {
  it('has every registered element, under the class that is registered', () => {
    defineElements()
    const tags = new Set(registeredTags())
    expect(tags.size).toBeGreaterThan(5)
    expect(elements.map(({ tagName }) => tagName).sort()).toEqual([...tags].sort())
    const registered = elements.filter(({ tagName }) => customElements.get(tagName) !== undefined)
    expect(registered.length).toBeGreaterThan(5)
    for (const { tagName, name } of registered) expect(customElements.get(tagName)?.name).toBe(name)
  })

  it.each(elements.map((entry) => [entry.tagName, entry] as const))('tells all of %s', (tag, entry) => {
    const source = folderOf(tag)
    expect(entry.description, 'a description').toMatch(/\w{3}/)
    const named = [
      entry.attributes ?? [],
      entry.events ?? [],
      entry.slots ?? [],
      entry.cssParts ?? [],
      entry.cssProperties ?? [],
      entry.members ?? [],
    ].flat()
    expect(named.filter(({ description = '' }) => description.trim() === '').map(({ name }) => name)).toEqual([])
    // What the source has and the manifest has not, or the other way round, is stale.
    const parts = (entry.cssParts ?? []).map(({ name }) => name)
    const marked = [...source.matchAll(/\bpart="([a-z][a-z -]*)"/g)].flatMap(([, names]) => names!.split(' '))
    expect(marked.filter((part) => !parts.includes(part))).toEqual([])
    const dispatched = [...source.matchAll(/'(tutti-[a-z-]+)'/g)].map(([, name]) => name!)
    const events = (entry.events ?? []).map(({ name }) => name)
    expect(events.filter((event) => !dispatched.includes(event))).toEqual([])
    const read = [...source.matchAll(/var\((--tutti-[\w-]+)/g)].map(([, name]) => name!)
    const properties = (entry.cssProperties ?? []).map(({ name }) => name)
    expect(read.filter((property) => !properties.includes(property))).toEqual([])
  })

  it('keeps private what is private', () => {
    const names = elements.flatMap(({ members = [] }) => members.map(({ name }) => name))
    expect(names.filter((name) => /^[#_]|^(?:render|updated|willUpdate|connectedCallback)$/.test(name))).toEqual([])
    expect(names).toContain('say')
  })

  it('is what the package says that it has', () => {
    const about = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
    expect(about.customElements).toBe('dist/ui/custom-elements.json')
    expect(about['web-types']).toBe('dist/ui/web-types.json')
    expect(about.scripts['build:library']).toContain('demo/build/write-manifest.ts')
    for (const { path } of manifest.modules) expect(path).toMatch(/^dist\/ui\/.*\.js$/)
  })
})

describe('what editors get', () => {
  const files = editorFiles(manifest, { name: 'tutti', version: '1.2.3' }) as Record<string, never>

  it('completes every tag with its attributes', () => {
    const { tags } = files['vscode.html-custom-data.json']! as { tags: { name: string; attributes: object[] }[] }
    expect(tags.map(({ name }) => name)).toEqual(elements.map(({ tagName }) => tagName))
    expect(tags.find(({ name }) => name === 'tutti-group')!.attributes).toContainEqual(
      expect.objectContaining({ name: 'room' }),
    )
  })

  it('completes parts and custom properties, each once', () => {
    const { properties, pseudoElements } = files['vscode.css-custom-data.json']! as Record<string, { name: string }[]>
    for (const list of [properties!, pseudoElements!]) {
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length)
    }
    expect(properties!.map(({ name }) => name)).toContain('--tutti-color-7')
    expect(pseudoElements!.map(({ name }) => name)).toContain('::part(log)')
  })

  it('is web-types for JetBrains', () => {
    const types = files['web-types.json']! as { version: string; contributions: { html: { elements: object[] } } }
    expect(types.version).toBe('1.2.3')
    expect(types.contributions.html.elements).toHaveLength(elements.length)
  })
})
