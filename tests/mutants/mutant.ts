/** One deliberate fault of the engine: a text that occurs exactly once in a file of the package, and what replaces it. */
export interface Mutant {
  readonly name: string
  /** From the package's root. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Rules that it should break. `settles`: a healed run comes to rest; `cost`: what messages and time it may take. */
  readonly breaks: readonly string[]
  /** What a builder would have got wrong. */
  readonly fault: string
  /** Scripted runs to try before random seeds, where those would take too long to get there. */
  readonly scenarios?: readonly string[]
  /** Groups that fall apart and come together are tried before other random seeds: what a merge does there. */
  readonly onMerge?: OnMerge
}

export type OnMerge = 'replay' | 'reconcile'

/** `text` with the fault in it; an error if the text to replace is not there exactly once. */
export function applyTo(text: string, { name, file, find, replace }: Mutant): string {
  const parts = text.split(find)
  const [before, after] = parts
  if (parts.length === 2 && before !== undefined && after !== undefined) return before + replace + after
  throw new BadMutant(`${name}: its text occurs ${parts.length - 1} times in ${file}, not once`)
}

/** The definition of a mutant is wrong; it says nothing about the engine. */
export class BadMutant extends Error {}
