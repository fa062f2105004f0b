/** What a live region is to hold so that `text` is spoken: words that it holds already would not be. */
export function spoken(text: string, before: string): string {
  return text === before ? `${text}\u00a0` : text
}
