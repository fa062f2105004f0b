import type { SourceFile } from './files.ts'

type Files = readonly SourceFile[]

const maximumLines = 400
const sourceFolders = /^(?:signaling|peer|ui|demo|tests)\//
const coreFolders = /^peer\/(?:base|wire|membership|ordering|transfer|engine)\//
const protocolFolders = /^peer\/(?:membership|ordering|transfer)\//
const headings = ['Purpose', 'Requires', 'Guarantees', 'Source']

/** Files that name one of the given words: a registry's host, a directory of one machine. */
export function filesNaming(words: readonly (string | RegExp)[], files: Files): string[] {
  return files.flatMap(({ path, text }) =>
    words
      .filter((word) => (typeof word === 'string' ? text.includes(word) : word.test(text)))
      .map((word) => `${path} names ${word}`),
  )
}

interface Lock {
  packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>
}

/** Download addresses in a lock file bind it to one registry. */
export function downloadAddresses(lockFile: string): string[] {
  return Object.entries((JSON.parse(lockFile) as Lock).packages)
    .filter(([, entry]) => entry.resolved !== undefined)
    .map(([name]) => `${name} has a download address`)
}

/** A lock file written on one platform may lack what others install, and then `npm ci` refuses it, there and here. */
export function missingFromLock(lockFile: string): string[] {
  const { packages } = JSON.parse(lockFile) as Lock
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
      .map((name) => `${path} may need ${name}, which is not locked`),
  )
}

export function longFiles(files: Files): string[] {
  return files
    .filter(({ path }) => sourceFolders.test(path) && path.endsWith('.ts'))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > maximumLines)
    .map(({ path, lines }) => `${path} has ${lines} lines, of at most ${maximumLines}`)
}

/** Each protocol opens with a comment that says what it is for, needs and promises, and where it comes from. */
export function protocolsWithoutHeader(files: Files): string[] {
  return files
    .filter(({ path }) => protocolFolders.test(path) && path.endsWith('.ts'))
    .flatMap(({ path, text }) => {
      const comment = /^\s*(?:\/\*[\s\S]*?\*\/|(?:\/\/.*\n)+)/.exec(text)?.[0] ?? ''
      const missing = headings.filter((heading) => !new RegExp(`\\b${heading}\\b`, 'i').test(comment))
      return missing.length === 0 ? [] : [`${path} does not open with ${missing.join(', ')}`]
    })
}

/** The core takes time and randomness as input. */
export function impureCore(files: Files): string[] {
  return files
    .filter(({ path }) => coreFolders.test(path))
    .filter(({ text }) => /\bMath\.random\b|\bnew Date\b|\bDate\.now\b/.test(withoutComments(text)))
    .map(({ path }) => `${path} uses a clock or randomness`)
}

/** Tests that are left out, run alone, or wait for a fixed time. */
export function lameTests(files: Files): string[] {
  const lame = [
    /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|skipIf|only|todo|fixme|fails|fail|slow)\b/,
    /\bx(?:it|describe)\(/,
    /\bwaitFor(?:Timeout)\b/,
  ]
  return files
    .filter(({ path }) => path.startsWith('tests/') && path.endsWith('.ts'))
    .flatMap(({ path, text }) =>
      lame.flatMap((pattern) => pattern.exec(withoutComments(text))?.slice(0, 1) ?? []).map((hit) => `${path}: ${hit}`),
    )
}

/** The ids that a specification defines: at the start of a line, a list item, a heading or a table row, in bold or not. */
export function ruleIds(specification: string): string[] {
  const found = specification.matchAll(/^(?:\s*[-*]\s+|#+\s+|\|\s*)?(?:\*\*)?\[?([A-Z]{2}\d+)\b/gm)
  return [...new Set([...found].map((match) => match[1]!))]
}

/** The ids that titles of tests name: `it('delivers once [DL1]')`, `[DL1, DL2]`, or a `title:` in a table of cases. */
export function testedIds(files: Files): Set<string> {
  const ids = new Set<string>()
  for (const { path, text } of files) {
    if (!/^tests\/.*\.ts$/.test(path)) continue
    for (const title of withoutComments(text).matchAll(titlePattern)) {
      for (const list of title[2]!.matchAll(/\[([A-Z]{2}\d+(?:[,\s]+[A-Z]{2}\d+)*)\]/g)) {
        for (const id of list[1]!.split(/[,\s]+/)) ids.add(id)
      }
    }
  }
  return ids
}

const titlePattern =
  /(?:\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`]*\))?\(|\btitle:)\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g

/** Good enough for a look at the words: line and block comments go, `//` inside an address stays. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}(),])\/\/.*$/gm, '$1')
}
