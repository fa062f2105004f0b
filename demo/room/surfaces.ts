import type { TuttiGroup } from '../../ui/index.ts'
import { wide } from './layout.ts'
import { type Message, News } from './news.ts'
import { isBeside, type Surface, surfaceOf, surfaceOfPart } from './surface.ts'

/** Elements that come when they are needed. */
const late: Partial<Record<Surface, () => Promise<{ open(): HTMLElement }>>> = {
  text: () => import('./text.ts'),
  tasks: () => import('./tasks.ts'),
  files: () => import('./files.ts'),
}

/**
 * Shows what the address names behind `#`, and calls `shown`. An element is loaded when it is first shown, or when somebody
 * else uses it: its share of the state is then kept here, too.
 */
export function startSurfaces(group: TuttiGroup, shown: () => void): void {
  const open = opener()
  const news = new News(group)
  let main: Surface = 'board'
  let current: Surface = 'board'

  const show = (): void => {
    const asked = surfaceOf(location.hash) ?? 'board'
    if (!isBeside(asked)) main = asked
    current = wide.matches ? main : asked
    document.body.dataset.surface = current
    for (const link of document.querySelectorAll<HTMLAnchorElement>('.surfaces a')) {
      if (link.hash === `#${current}`) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    for (const panel of document.querySelectorAll<HTMLElement>('.panel')) panel.hidden = panel.dataset.surface !== main
    news.clear(current)
    if (wide.matches) news.clear('chat')
    open(current)
    shown()
  }
  addEventListener('hashchange', show)
  wide.addEventListener('change', show)
  show()

  group.addEventListener('tutti-joined', () => {
    const { host } = group
    host.observe((event) => {
      if (event.type !== 'message' || !isWork(event)) return
      const surface = surfaceOfPart(tagsOf(event).tutti)
      if (surface === undefined) return
      open(surface)
      if (surface !== current && !(wide.matches && isBeside(surface))) news.add(surface, event)
    })
    for (const part of Object.keys(host.parts.save())) open(surfaceOfPart(part) ?? 'board')
  })
}

/** Opens each once. One that did not load is tried again at the next call. */
function opener(): (surface: Surface) => void {
  const opened = new Set<Surface>()
  return (surface) => {
    const load = late[surface]
    if (load === undefined || opened.has(surface)) return
    opened.add(surface)
    const place = document.querySelector<HTMLElement>(`.panel[data-surface=${surface}] > .space`)!
    place.setAttribute('aria-busy', 'true')
    load()
      .then(
        (loaded) => place.replaceChildren(loaded.open()),
        (error) => {
          opened.delete(surface)
          place.textContent = `This part of the page did not load: ${(error as Error).message}`
        },
      )
      .then(() => place.removeAttribute('aria-busy'))
  }
}

/** Whether somebody did something, which is more than to be there: FBCASTs tell of pointers and typing, greetings of a text's editors. */
function isWork(message: Message): boolean {
  const { op } = tagsOf(message)
  return message.kind !== 'fifo' && op !== 'hello' && op !== 'welcome'
}

function tagsOf({ value }: Message): { readonly tutti?: unknown; readonly op?: unknown } {
  return typeof value === 'object' && value !== null ? value : {}
}
