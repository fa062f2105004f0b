import { renderCode, renderDocstring, wrapTable } from './docs-markdown.ts'
import { escapeHtml } from './html.ts'
import { type CssProperty, type ElementEntry, elementsOf, type Manifest, type Member } from './manifest.ts'

/** The reference of all elements, from the manifest: what all share is told once. */
export function elementsReference(manifest: Manifest): string {
  const elements = elementsOf(manifest)
  const shared = sharedBy(elements)
  const isShared = (name: string): boolean => shared.some((property) => property.name === name)
  const order = (entry: ElementEntry): number => (entry.tagName === 'tutti-group' ? 0 : 1)
  const sorted = [...elements].sort((a, b) => order(a) - order(b))
  const links = sorted.map(({ tagName }) => `<a href="#${tagName}"><code>${tagName}</code></a>`)
  return [
    `<p class="tags">${links.join(' ')}</p>`,
    ...sorted.map((entry) => reference(entry, isShared)),
    '<h3 id="custom-properties">Custom properties of all elements</h3>',
    table(['property', 'for', 'default'], shared.map(propertyRow)),
  ].join('\n')
}

/** What the theme gives to each element. */
function sharedBy(elements: readonly ElementEntry[]): readonly CssProperty[] {
  const withDefaults = elements.flatMap(({ cssProperties = [] }) => cssProperties).filter((each) => each.default)
  return withDefaults.filter(({ name }, index) => withDefaults.findIndex((each) => each.name === name) === index)
}

function reference(entry: ElementEntry, isShared: (name: string) => boolean): string {
  const { tagName, description = '', attributes = [], members = [], events = [], slots = [], cssParts = [] } = entry
  const properties = members.filter(({ kind, attribute }) => kind === 'field' && attribute === undefined)
  const methods = members.filter(({ kind }) => kind === 'method')
  const own = (entry.cssProperties ?? []).filter(({ name }) => !isShared(name))
  const section = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): string =>
    rows.length === 0 ? '' : `<h4>${title}</h4>${table(head, rows)}`
  return [
    `<h3 id="${tagName}"><code>&lt;${tagName}&gt;</code><a class="anchor" href="#${tagName}" aria-label="Link to this section">#</a></h3>`,
    renderDocstring(description),
    renderCode(exampleOf(tagName), 'html'),
    section('Attributes', ['name', 'type', 'for'], attributes.map(typedRow)),
    section('Properties', ['name', 'type', 'for'], properties.map(typedRow)),
    section(
      'Methods',
      ['name', 'for'],
      methods.map((method) => [code(signature(method)), prose(method.description)]),
    ),
    section('Events', ['name', 'type', 'when'], events.map(typedRow)),
    section(
      'Slots',
      ['name', 'for'],
      slots.map(({ name, description }) => [name === '' ? 'default' : code(name), prose(description)]),
    ),
    section(
      'Parts',
      ['name', 'what'],
      cssParts.map(({ name, description }) => [code(name), prose(description)]),
    ),
    section('Custom properties of its own', ['property', 'for', 'default'], own.map(propertyRow)),
  ].join('\n')
}

function exampleOf(tagName: string): string {
  if (tagName === 'tutti-group') return '<tutti-group room="planning-room" name="Ada"> … </tutti-group>'
  return `<tutti-group room="planning-room">\n  <${tagName}></${tagName}>\n</tutti-group>`
}

function typedRow({ name, type, description }: Pick<Member, 'name' | 'type' | 'description'>): readonly string[] {
  return [code(name), type === undefined ? '' : code(type.text), prose(description)]
}

function propertyRow({ name, description, default: value }: CssProperty): readonly string[] {
  return [code(name), prose(description), value === undefined ? '' : code(value)]
}

function signature({ name, parameters = [], return: returned }: Member): string {
  const list = parameters.map((each) => `${each.name}${each.optional ? '?' : ''}: ${each.type?.text ?? 'unknown'}`)
  return `${name}(${list.join(', ')}): ${returned?.type.text ?? 'void'}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`
  return wrapTable(`<thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody>`)
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`
}

/** A docstring's text: code between backquotes, and nothing else. */
function prose(text = ''): string {
  return escapeHtml(text).replace(/`([^`]*)`/g, '<code>$1</code>')
}
