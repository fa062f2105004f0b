/** Lets cards slide from where they were to where they are, unless the visitor wants no motion. */
export class CardSlide {
  readonly #root: () => ParentNode | undefined
  #before = new Map<string, DOMRect>()

  constructor(root: () => ParentNode | undefined) {
    this.#root = root
  }

  /** Before the cards are drawn anew. */
  before(): void {
    this.#before = new Map(this.#cards().map((card) => [card.dataset.card!, card.getBoundingClientRect()]))
  }

  /** Afterwards. `except`: a card that follows the pointer. */
  after(except: string | undefined): void {
    if (this.#before.size === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    for (const card of this.#cards()) {
      const old = this.#before.get(card.dataset.card!)
      if (old === undefined || card.dataset.card === except) continue
      const now = card.getBoundingClientRect()
      const [x, y] = [old.left - now.left, old.top - now.top]
      if (Math.abs(x) + Math.abs(y) < 2) continue
      card.animate([{ translate: `${x}px ${y}px` }, { translate: '0 0' }], { duration: 180, easing: 'ease-out' })
    }
  }

  #cards(): HTMLElement[] {
    return [...(this.#root()?.querySelectorAll<HTMLElement>('[data-card]') ?? [])]
  }
}
