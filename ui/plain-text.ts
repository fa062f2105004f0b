/** Makes text of others fit to be shown: no control characters, no surrounding space, at most `charactersMax`, cut with a mark. */
export function plainText(text: unknown, charactersMax: number): string {
  if (typeof text !== 'string') return ''
  // What comes in may be far longer than what is shown: cut before looking at it.
  const clean = text
    .slice(0, charactersMax * 4)
    .replace(controls, ' ')
    .trim()
  const characters = Array.from(clean)
  return characters.length <= charactersMax ? clean : `${characters.slice(0, charactersMax - 1).join('')}…`
}

export const nameCharactersMax = 32
export const chatCharactersMax = 2000

/** Control characters but tab and line feed, and the marks that would turn the text around them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be found
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
