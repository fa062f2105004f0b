import { colorCount } from '../../ui/index.ts'

/** Colours to choose from: not 0, which is ink. */
export const colors: readonly number[] = Array.from({ length: colorCount - 1 }, (_, index) => index + 1)

/** What the colours of the elements are called, by number. */
export const colorNames = ['Ink', 'Blue', 'Red', 'Green', 'Violet', 'Amber', 'Teal', 'Pink'] as const

export interface Colored {
  readonly rank: number
  readonly color: number
}

/**
 * The colour that a member takes so that no two have the same, or undefined to keep its own: the younger of two gives way,
 * as long as there is one that nobody has.
 */
export function freeColor(self: Colored, others: readonly Colored[]): number | undefined {
  const collides = others.some(({ rank, color }) => color === self.color && rank < self.rank)
  if (!collides) return undefined
  const taken = new Set(others.map(({ color }) => color))
  const free = colors.filter((color) => !taken.has(color))
  // Those who come at the same time should not all take the same.
  return free[self.rank % Math.max(1, free.length)]
}
