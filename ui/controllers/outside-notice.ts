/**
 * What an element shows that stands in no `<tutti-group>`: nobody who embeds it should have to guess why nothing comes.
 * It lives in front of what the element itself renders, which stays as it is.
 */
export class OutsideNotice {
  readonly #element: HTMLElement
  #shown: HTMLElement | undefined

  constructor(element: HTMLElement) {
    this.#element = element
  }

  show(isOutside: boolean): void {
    if (isOutside === (this.#shown !== undefined)) return
    this.#shown?.remove()
    this.#shown = isOutside ? notice(this.#element.localName) : undefined
    if (this.#shown !== undefined) this.#element.shadowRoot?.prepend(this.#shown)
  }
}

/** The `<tutti-group>` around an element, be it in a tree further out, or not yet alive. */
export function groupAround(element: Element): Element | undefined {
  for (let node: Node | null = element; node !== null; node = outwards(node)) {
    if (node instanceof Element && node.localName === groupTag) return node
  }
  return undefined
}

export const groupTag = 'tutti-group'

function outwards(node: Node): Node | null {
  if (node instanceof ShadowRoot) return node.host
  return (node as Element).assignedSlot ?? node.parentNode
}

function notice(tag: string): HTMLElement {
  const text = document.createElement('p')
  text.part.add('outside')
  text.setAttribute('role', 'note')
  text.style.cssText = 'margin: 0; padding: 0.5rem 0.75rem; color: var(--_warn, inherit)'
  text.textContent = `<${tag}> works inside of a <${groupTag}>: put it there.`
  return text
}
