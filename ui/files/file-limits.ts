import { allBytesMax, fileBytesMax, filesMax } from './file-values.ts'
import { type RefusalReason, sizeText } from './file-words.ts'

/** In bytes: for a file, for all together, and how much of that is left. */
export interface Limits {
  readonly each: number
  readonly all: number
  readonly free: number
}

/** `taken`: by all files that are here or on their way. */
export function limitsOf(wished: { maxFileBytes: number; maxBytes: number }, taken: number): Limits {
  const all = within(wished.maxBytes, allBytesMax)
  return { each: Math.min(within(wished.maxFileBytes, fileBytesMax), all), all, free: Math.max(0, all - taken) }
}

export function limitsText({ each, all, free }: Limits): string {
  const taken = free === all ? '' : ` · ${sizeText(free)} free`
  return `Up to ${sizeText(each)} each, ${sizeText(all)} in all${taken}`
}

/** Why a file can't be shared, before anything is sent; `count`: of files that are here or on their way. */
export function reasonAgainst(
  { file, isFolder }: { readonly file: File; readonly isFolder: boolean },
  { each, free }: Limits,
  count: number,
): RefusalReason | undefined {
  if (isFolder) return 'folder'
  if (file.size > each) return 'large'
  if (file.size > free) return 'full'
  return count >= filesMax ? 'many' : undefined
}

function within(bytes: number, most: number): number {
  return Number.isFinite(bytes) ? Math.max(0, Math.min(Math.floor(bytes), most)) : most
}
