/**
 * Makes text of others fit to be shown: no control characters, no surrounding space, no towers of marks, at most
 * `charactersMax`, cut with a mark. Empty where nothing of it could be seen.
 */
export function plainText(text: unknown, charactersMax: number): string {
  if (typeof text !== 'string') return ''
  // What comes in may be far longer than what is shown: cut before looking at it.
  const looked = text.slice(0, charactersMax * 4)
  const clean = looked.replace(controls, ' ').replace(towers, '$1').trim()
  if (invisible.test(clean)) return ''
  const characters = Array.from(clean)
  const isWhole = characters.length <= charactersMax && looked.length === text.length
  return isWhole ? clean : `${characters.slice(0, charactersMax - 1).join('')}…`
}

export const nameCharactersMax = 32
export const chatCharactersMax = 2000

/** Control characters but tab and line feed, the marks that would turn the text around them, and halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be found
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu
/** More marks on one letter than any language puts there: they would run over the lines above and below. */
const towers = /(\p{Mark}{8})\p{Mark}+/gu
const invisible = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Format}]*$/u
