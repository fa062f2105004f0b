import { html, type TemplateResult } from 'lit'

const words: readonly (readonly [word: string, meaning: string])[] = [
  ['group', 'programs that act as one; each of them is a member'],
  ['multicast', 'one message from a member to all of its group'],
  ['deliver', 'to hand a message that has come to the program; it may have to wait for its turn'],
  ['view', 'the numbered list of members on which all agree; there is a new one when somebody comes or goes'],
  ['quorum', 'members who are more than half, so that there are never two of them at a time'],
  ['fbcast', 'a multicast in the order of its sender: it waits for nobody else’s'],
  ['cbcast', 'a multicast in causal order: nobody gets it before what its sender had got'],
  ['abcast', 'a multicast in total order: all get all abcasts in the same order'],
]

/** What the words mean that the lab uses. */
export function wordsList(): TemplateResult {
  return html`<dl class="forms">${words.map(([word, meaning]) => html`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}</dl>`
}
