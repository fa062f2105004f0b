/** Whether a value from outside can serve as an id. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= idCharactersMax
}

/**
 * A number for something that this page makes: higher than all before, whichever element asks, so that the page's peer and
 * the number make an id that is there once. From the time of day on, for a page may hold this code twice.
 */
export function nextNumber(): number {
  last = Math.max(last + 1, Date.now())
  return last
}

const idCharactersMax = 128
let last = 0
