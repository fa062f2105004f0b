import type { Faults } from '../../peer/faults/index.ts'
import { byId } from './elements.ts'
import { wide } from './layout.ts'
import { remember, remembered } from './memory.ts'

/** Here there is room for the hood below the rest: it is open, unless it was closed. */
const roomy = matchMedia('(width >= 66rem) and (height >= 46rem)')

/** Opens and closes what is under the hood, which is loaded when it is first open. Returns what is to be called when another surface is shown. */
export function startHood(faults: Faults, link: string): () => void {
  const button = byId('hood-switch')
  const body = byId('hood-body')
  let isOpen = (remembered('hood') ?? (roomy.matches ? 'open' : 'closed')) === 'open'
  let isLoaded = false

  const show = (): void => {
    const isSeen = wide.matches ? isOpen : document.body.dataset.surface === 'hood'
    button.setAttribute('aria-expanded', String(isSeen))
    body.hidden = !isSeen
    if (!isSeen || isLoaded) return
    isLoaded = true
    import('./under-the-hood.ts').then(
      ({ openHood }) => body.replaceChildren(openHood(faults, link)),
      (error) => {
        isLoaded = false
        body.textContent = `This part of the page did not load: ${(error as Error).message}`
      },
    )
  }
  button.addEventListener('click', () => {
    // On a phone it is a heading only: the hood is a surface of its own there.
    if (!wide.matches) return
    isOpen = !isOpen
    remember('hood', isOpen ? 'open' : 'closed')
    show()
  })
  wide.addEventListener('change', show)
  show()
  return show
}
