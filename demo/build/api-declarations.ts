import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { InitializeParams } from '@custom-elements-manifest/analyzer'
import { ts } from '@custom-elements-manifest/analyzer/index.js'
import { root } from './paths.ts'

/** What an entry of the package exports under one name. */
export interface Exported {
  readonly name: string
  readonly kind: 'function' | 'class' | 'interface' | 'type' | 'constant'
  /** Its docstring, as Markdown. */
  readonly about: string
  /** What one writes to get it, without its members. */
  readonly signature: string
  readonly members: readonly { readonly signature: string; readonly about: string }[]
}

/**
 * Reads what an entry exports, from its source and with the docstrings there. The compiler that this package is built with
 * has no interface for programs, so this goes by syntax alone: types are shown as they are written.
 */
export function readExports(entry: string): Exported[] {
  return exportsOf(entry).map(({ name, path }) => {
    const found = find(name, path)
    if (found === undefined) throw new Error(`${entry} exports ${name}, which ${path} does not declare`)
    return describe(name, found.node, found.file)
  })
}

type Ts = InitializeParams['ts']
type SourceFile = ReturnType<Ts['createSourceFile']>
type Statement = SourceFile['statements'][number]
type Node = Parameters<Ts['isInterfaceDeclaration']>[0]

const files = new Map<string, SourceFile>()

function parse(path: string): SourceFile {
  const text = readFileSync(`${root}${path}`, 'utf8')
  const known = files.get(path)
  if (known?.text === text) return known
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  files.set(path, file)
  return file
}

function exportsOf(path: string): { name: string; path: string }[] {
  return parse(path).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement))
      return isExported(statement) ? namesOf(statement).map((name) => ({ name, path })) : []
    const from = statement.moduleSpecifier === undefined ? path : target(path, statement.moduleSpecifier.getText())
    if (statement.exportClause === undefined) return exportsOf(from)
    if (!ts.isNamedExports(statement.exportClause)) return []
    return statement.exportClause.elements.map((element) => ({
      name: (element.propertyName ?? element.name).text,
      path: from,
    }))
  })
}

function target(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier.slice(1, -1))
}

function find(name: string, path: string): { node: Statement; file: SourceFile } | undefined {
  if (!existsSync(`${root}${path}`)) return undefined
  const file = parse(path)
  const node = file.statements.find((statement) => namesOf(statement).includes(name))
  if (node !== undefined) return { node, file }
  const through = exportsOf(path).find((each) => each.name === name && each.path !== path)
  return through && find(name, through.path)
}

function isExported(statement: Statement): boolean {
  return /^export\b/.test(statement.getText())
}

function namesOf(statement: Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText())
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  return isNamed && statement.name !== undefined ? [statement.name.text] : []
}

function describe(name: string, node: Statement, file: SourceFile): Exported {
  const about = docOf(node, file)
  const text = node.getText(file)
  const plain = { name, about, members: [] }
  if (ts.isFunctionDeclaration(node)) return { ...plain, kind: 'function', signature: upTo(node, node.body, file) }
  if (ts.isTypeAliasDeclaration(node)) return { ...plain, kind: 'type', signature: withoutComments(text) }
  if (ts.isVariableStatement(node)) return { ...plain, kind: 'constant', signature: withoutExport(text) }
  if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) throw new Error(`${name} is of no known kind`)
  const members = [...node.members].filter((member) => isPublic(member, file))
  const head = withoutComments(file.text.slice(node.getStart(file), node.members.pos)).replace(/\s*\{\s*$/, '')
  return {
    ...plain,
    kind: ts.isClassDeclaration(node) ? 'class' : 'interface',
    signature: head,
    members: members.map((member) => ({ signature: memberText(member, file), about: docOf(member, file) })),
  }
}

function isPublic(member: Node, file: SourceFile): boolean {
  return !/^(?:(?:override|static|readonly|async)\s+)*(?:#|private\b|protected\b)|^static\s+override\b|^override\b|^declare readonly \[/.test(
    member.getText(file),
  )
}

function memberText(member: Node, file: SourceFile): string {
  const { body, initializer } = member as { body?: Node; initializer?: Node }
  return upTo(member, body ?? initializer, file)
    .replace(/\s*=\s*$/, '')
    .replace(/^declare\s+/, '')
    .replace(/[;,]$/, '')
}

/** The text before its body. */
function upTo(node: Node, body: Node | undefined, file: SourceFile): string {
  return withoutComments(file.text.slice(node.getStart(file), body?.getStart(file) ?? node.getEnd())).trimEnd()
}

function withoutComments(text: string): string {
  return withoutExport(text.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm, '').replace(/\s*\/\*\*[\s\S]*?\*\//g, ''))
}

function withoutExport(text: string): string {
  return text.replace(/^export\s+/, '')
}

/** The last docstring before a node, without its stars. */
function docOf(node: Node, file: SourceFile): string {
  const before = file.text.slice(node.getFullStart(), node.getStart(file))
  const comment = [...before.matchAll(/\/\*\*([\s\S]*?)\*\//g)].at(-1)?.[1] ?? ''
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()
}
