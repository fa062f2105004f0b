import type { GroupEvent } from '../../peer/index.ts'
import { colorOf, type TuttiGroup } from '../../ui/index.ts'
import type { Surface } from './surface.ts'

export type Message = Extract<GroupEvent, { readonly type: 'message' }>

/** Who did something where one does not look: a dot in their colour at the surface's place in the bar. */
export class News {
  readonly #group: TuttiGroup
  /** By surface the peers who did something, with the colour and the name they had. */
  readonly #acted = new Map<Surface, Map<string, { readonly name: string; readonly color: number }>>()

  constructor(group: TuttiGroup) {
    this.#group = group
  }

  /** Somebody did something at a surface that is not seen. */
  add(surface: Surface, { from }: Message): void {
    if (from.id === this.#group.group?.self.id) return
    const acted = this.#acted.get(surface) ?? new Map()
    if (acted.has(from.id)) return
    acted.set(from.id, this.#group.host.profileOf(from))
    this.#acted.set(surface, acted)
    this.#show(surface)
  }

  /** The surface is seen now. */
  clear(surface: Surface): void {
    if (this.#acted.delete(surface)) this.#show(surface)
  }

  #show(surface: Surface): void {
    const place = document.querySelector(`.surfaces a[href="#${surface}"] i`)!
    const people = [...(this.#acted.get(surface)?.values() ?? [])]
    const dots = people.slice(0, dotsMax).map(({ color }) => {
      const dot = document.createElement('b')
      dot.style.setProperty('--color', colorOf(color))
      return dot
    })
    const words = Object.assign(document.createElement('span'), { className: 'visually-hidden' })
    words.textContent = people.length === 0 ? '' : `new from ${people.map(({ name }) => name).join(', ')}`
    place.replaceChildren(...dots, words)
  }
}

const dotsMax = 3
