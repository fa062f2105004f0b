import { type CssProperty, type ElementEntry, elementsOf, type Manifest, type Member } from './manifest.ts'

/** Files for editors, by name, made from the manifest: completions of tags, attributes, parts and custom properties. */
export function editorFiles(manifest: Manifest, { name, version }: { name: string; version: string }): EditorFiles {
  const elements = elementsOf(manifest)
  return {
    'custom-elements.json': manifest,
    'vscode.html-custom-data.json': { version: 1.1, tags: elements.map(htmlTag) },
    'vscode.css-custom-data.json': {
      version: 1.1,
      properties: cssProperties(elements),
      pseudoElements: parts(elements),
    },
    'web-types.json': webTypes(elements, name, version),
  }
}

export type EditorFiles = Readonly<Record<string, unknown>>

function htmlTag({ tagName, description = '', attributes = [] }: ElementEntry): unknown {
  return {
    name: tagName,
    description,
    attributes: attributes.map(({ name, description = '', type }) => ({
      name,
      description,
      ...(type?.text === 'boolean' ? { valueSet: 'v' } : {}),
    })),
  }
}

function cssProperties(elements: readonly ElementEntry[]): unknown[] {
  const byName = new Map<string, CssProperty>()
  for (const property of elements.flatMap((element) => element.cssProperties ?? [])) {
    if (!byName.has(property.name)) byName.set(property.name, property)
  }
  return [...byName.values()].map(({ name, description = '' }) => ({ name, description }))
}

/** VS Code completes pseudo-elements by name, so each part is one: `::part(log)`. */
function parts(elements: readonly ElementEntry[]): unknown[] {
  const byName = new Map<string, string[]>()
  for (const { tagName, cssParts = [] } of elements) {
    for (const { name, description = '' } of cssParts) {
      byName.set(name, [...(byName.get(name) ?? []), `${tagName}: ${description}`])
    }
  }
  return [...byName].map(([name, told]) => ({ name: `::part(${name})`, description: told.join('\n') }))
}

function webTypes(elements: readonly ElementEntry[], name: string, version: string): unknown {
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name,
    version,
    'description-markup': 'markdown',
    contributions: { html: { elements: elements.map(webTypesElement) } },
  }
}

function webTypesElement(entry: ElementEntry): unknown {
  const { tagName, description = '', attributes = [], members = [], events = [], slots = [] } = entry
  const typed = ({ name, description = '', type }: Pick<Member, 'name' | 'description' | 'type'>): unknown => ({
    name,
    description,
    ...(type === undefined ? {} : { type: type.text }),
  })
  return {
    name: tagName,
    description,
    attributes: attributes.map(({ name, description = '', type, default: value }) => ({
      name,
      description,
      value: { type: type?.text ?? 'string', ...(value === undefined ? {} : { default: value }) },
    })),
    slots: slots.map(({ name, description = '' }) => ({ name, description })),
    js: { properties: members.filter(({ kind }) => kind === 'field').map(typed), events: events.map(typed) },
    css: {
      parts: (entry.cssParts ?? []).map(({ name, description = '' }) => ({ name, description })),
      properties: (entry.cssProperties ?? []).map(({ name, description = '' }) => ({ name, description })),
    },
  }
}
