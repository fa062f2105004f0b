import type { Page } from 'playwright/test'

export interface Walk {
  readonly stops: number
  /** Controls that Tab never came to, as selectors. */
  readonly unreached: readonly string[]
  /** Those that look the same with and without the focus. */
  readonly unmarked: readonly string[]
}

/** Goes through the page by Tab, from its beginning until no further control comes, and looks at each stop. */
export async function focusWalk(page: Page): Promise<Walk> {
  await page.evaluate(prepare)
  const wanted = await page.evaluate(() => window.walk.wanted().length)
  let stops = 0
  const unmarked: string[] = []
  for (let press = 0; press < wanted * 2 + 30; press++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => window.walk.stop())
    if (stop === 'again') break
    if (stop === 'page') continue
    stops += 1
    if (!stop.marked && !(await changesLooks(page))) unmarked.push(stop.name)
  }
  return { stops, unreached: await page.evaluate(() => window.walk.unreached()), unmarked }
}

/** Where no outline of its own tells: whether anything around it looks different once it has lost the focus. */
async function changesLooks(page: Page): Promise<boolean> {
  const clip = await page.evaluate(() => window.walk.box())
  const focused = await page.screenshot({ clip, animations: 'disabled', caret: 'hide' })
  await page.evaluate(() => window.walk.blur())
  const blurred = await page.screenshot({ clip, animations: 'disabled', caret: 'hide' })
  await page.evaluate(() => window.walk.refocus())
  return !focused.equals(blurred)
}

interface PageWalk {
  wanted(): Element[]
  stop(): 'again' | 'page' | { name: string; marked: boolean }
  unreached(): string[]
  box(): { x: number; y: number; width: number; height: number }
  blur(): void
  refocus(): void
}

declare global {
  interface Window {
    walk: PageWalk
  }
}

/** Runs in the page, so it stands alone. */
function prepare(): void {
  const seen = new Set<Element>()
  const names = new Map<Element, string>()
  let last: HTMLElement | undefined
  const everything = (root: Document | ShadowRoot): Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot ? everything(element.shadowRoot) : []),
    ])
  const focusable =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable=true]'
  const isWanted = (element: Element): boolean =>
    element.matches(focusable) &&
    (element as HTMLElement).tabIndex >= 0 &&
    !element.matches(':disabled') &&
    element.checkVisibility({ visibilityProperty: true }) &&
    element.closest('[inert]') === null
  const group = (element: Element): string | undefined =>
    element.matches('input[type=radio]') ? (element as HTMLInputElement).name : undefined
  const nameOf = (element: Element): string => {
    const host = (element.getRootNode() as ShadowRoot).host
    const id = element.id ? `#${element.id}` : (element.getAttribute('aria-label') ?? element.textContent ?? '').trim()
    return `${host ? `${host.localName} ` : ''}${element.localName} ${id.slice(0, 40)}`
  }
  const active = (): HTMLElement | undefined => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element === document.body || element === null ? undefined : (element as HTMLElement)
  }
  const isMarked = (element: HTMLElement): boolean => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
  }
  window.walk = {
    wanted: () => everything(document).filter(isWanted),
    stop() {
      const element = active()
      if (element === undefined) return 'page'
      last = element
      if (seen.has(element)) return 'again'
      seen.add(element)
      names.set(element, nameOf(element))
      return { name: nameOf(element), marked: isMarked(element) }
    },
    unreached() {
      const isReached = (element: Element): boolean => {
        if (seen.has(element)) return true
        const name = group(element)
        // Of a group of radio buttons Tab comes to one, and the arrows to the others.
        return (
          name !== undefined &&
          [...seen].some((one) => group(one) === name && one.getRootNode() === element.getRootNode())
        )
      }
      return window.walk
        .wanted()
        .filter((element) => !isReached(element))
        .map(nameOf)
    },
    box() {
      const { left, top, right, bottom } = last!.getBoundingClientRect()
      const [x, y] = [Math.max(0, left - 16), Math.max(0, top - 16)]
      const width = Math.max(1, Math.min(innerWidth, right + 16) - x)
      return { x, y, width, height: Math.max(1, Math.min(innerHeight, bottom + 16) - y) }
    },
    blur: () => last!.blur(),
    refocus: () => last!.focus(),
  }
}
