import { readdirSync, readFileSync } from 'node:fs'
import { create, ts } from '@custom-elements-manifest/analyzer/index.js'
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js'
import { root } from './paths.ts'

/** The custom elements manifest, as far as it is used here. Source: the manifest's schema, version 1. */
export interface Manifest {
  readonly schemaVersion: string
  modules: Module[]
}

interface Module {
  kind: string
  path: string
  declarations: Declaration[]
  exports: { kind: string; name: string; declaration: { name: string; module?: string } }[]
}

export interface Declaration {
  kind: string
  name: string
  tagName?: string
  customElement?: boolean
  description?: string
  members?: Member[]
  attributes?: (Named & { type?: { text: string }; default?: string; fieldName?: string })[]
  events?: (Named & { type?: { text: string } })[]
  slots?: Named[]
  cssParts?: Named[]
  cssProperties?: CssProperty[]
}

interface Named {
  name: string
  description?: string
}

export type CssProperty = Named & { default?: string }

export interface Member extends Named {
  kind: 'field' | 'method'
  privacy?: 'public' | 'private' | 'protected'
  readonly?: boolean
  static?: boolean
  type?: { text: string }
  attribute?: string
  parameters?: { name: string; type?: { text: string }; optional?: boolean }[]
  return?: { type: { text: string } }
}

/** An element with a tag, as the manifest tells it. */
export type ElementEntry = Declaration & { tagName: string }

/** Reads the elements' sources and tells what their users see of them: nothing private, nothing that Lit brings along. */
export function makeManifest(): Manifest {
  const paths = elementPaths()
  const modules = paths.map((path) => ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true))
  const shared = sharedProperties(read('ui/theme.ts'))
  const manifest = create({ modules, plugins: litPlugin() })
  for (const module of manifest.modules) tidy(module, shared)
  return { schemaVersion: manifest.schemaVersion, modules: manifest.modules }
}

export function elementsOf(manifest: Manifest): ElementEntry[] {
  return manifest.modules
    .flatMap(({ declarations }) => declarations)
    .filter((entry): entry is ElementEntry => entry.tagName !== undefined)
}

/** `ui/chat/tutti-chat.ts` and its like: the element and its file have one name. */
function elementPaths(): readonly string[] {
  return readdirSync(`${root}ui`, { recursive: true, encoding: 'utf8' })
    .map((name) => `ui/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\/tutti-[a-z]+\.ts$/.test(path))
    .sort()
}

function tidy(module: Module, shared: readonly CssProperty[]): void {
  const tagName = module.path.replace(/^.*\/|\.ts$/g, '')
  const source = read(module.path)
  module.path = module.path.replace(/^(.*)\.ts$/, 'dist/$1.js')
  module.declarations = module.declarations.filter(({ customElement }) => customElement === true)
  for (const entry of module.declarations) tidyElement(entry, tagName, usesTheme(source) ? shared : [])
  const names = module.declarations.map(({ name }) => name)
  module.exports = names.flatMap((name) => [
    { kind: 'js', name, declaration: { name, module: module.path } },
    { kind: 'custom-element-definition', name: tagName, declaration: { name, module: module.path } },
  ])
}

function tidyElement(entry: Declaration, tagName: string, shared: readonly CssProperty[]): void {
  entry.tagName = tagName
  entry.members = (entry.members ?? []).filter(
    ({ name, privacy, static: isStatic }) =>
      privacy !== 'private' && privacy !== 'protected' && !/^(?:#|focus$)/.test(name) && isStatic !== true,
  )
  // What a helper dispatches under a name that it is given is documented by its own tag.
  entry.events = (entry.events ?? []).filter(({ name }) => name.startsWith('tutti-'))
  const own = (entry.cssProperties ?? []).flatMap(spread)
  const names = new Set(own.map(({ name }) => name))
  entry.cssProperties = [...own, ...shared.filter(({ name }) => !names.has(name))]
}

/** `--tutti-color-0 … --tutti-color-7 - the inks` stands for eight properties. */
function spread(property: CssProperty): CssProperty[] {
  const [, stem, first] = /^(.*-)(\d+)$/.exec(property.name) ?? []
  const [, last, description] = /^…\s*\S*?(\d+)\s+(?:-\s+)?(.*)$/s.exec(property.description ?? '') ?? []
  if (stem === undefined || last === undefined) return [property]
  const count = Number(last) - Number(first) + 1
  return Array.from({ length: count }, (_, index) => ({
    ...property,
    name: `${stem}${Number(first) + index}`,
    description: description ?? '',
  }))
}

function usesTheme(source: string): boolean {
  return /\btheme\b/.test(source)
}

/** The properties that all elements share, with the defaults that the theme gives them. Throws where one is not described. */
function sharedProperties(theme: string): CssProperty[] {
  const found = theme.matchAll(/--_[\w-]+: var\((--tutti-[\w-]+), (.*)\);|[\w-]+: var\((--tutti-[\w-]+), (.*)\);/g)
  return [...found].map(([, first, firstDefault, second, secondDefault]) => {
    const name = first ?? second!
    const description = sharedDescriptions[name]
    if (description === undefined) throw new Error(`demo/build/manifest.ts does not say what ${name} is for`)
    return { name, default: firstDefault ?? secondDefault!, description }
  })
}

const sharedDescriptions: Readonly<Record<string, string>> = {
  '--tutti-text': 'text',
  '--tutti-muted': 'text that stands back',
  '--tutti-surface': 'what text stands on',
  '--tutti-sunken': 'fields to write in, and what lies behind',
  '--tutti-line': 'borders',
  '--tutti-accent': 'buttons to press first, and the mark of the focus',
  '--tutti-on-accent': 'text on the accent',
  '--tutti-good': 'all is well',
  '--tutti-warn': 'something is waited for',
  '--tutti-bad': 'something can not go on',
  '--tutti-radius': 'corners',
  '--tutti-font': 'typeface',
  '--tutti-font-size': 'size of the text',
}

function read(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8')
}
