import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright/test'
import type { TuttiEditor } from '../../ui/editor/index.ts'
import type { TuttiFiles, TuttiTasks } from '../../ui/index.ts'
import { docsSights, embedSight, gallerySight, labSights, look, type Sight } from './support/all-pages.ts'
import type { BuiltSite } from './support/built-site.ts'
import { DemoRoom, draw, say } from './support/demo-test.ts'
import { focusWalk } from './support/focus-walk.ts'
import { expect, test } from './support/site-test.ts'

// Every page, light and dark, by the rules of WCAG 2.2 A and AA and by best practice; and all of it by keyboard. A page is
// opened once for both.

test.describe.configure({ timeout: 180_000 })

test('the room with people at work has no violation, fits its window, and can be used by keyboard alone', async ({
  context,
  site,
}) => {
  const page = await roomAtWork(context, site)
  const found: string[] = []
  for (const { width, height, shown } of windows) {
    await page.setViewportSize({ width, height })
    for (const surface of shown) {
      const name = `${surface} at ${width}`
      await show(page, surface)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect.soft(wide, `${name}: fits its window`).toBeLessThanOrEqual(width)
      found.push(...(await violationsInBoth(page)).map((told) => `${name}, ${told}`))
      await expectWalk(page, name)
    }
  }
  expect(found).toEqual([])
})

test('the gallery has no violation, and can be used by keyboard alone', ({ page, site }) =>
  expectSound(page, site, [gallerySight]))

test('the lab has no violation, and can be used by keyboard alone', ({ page, site }) =>
  expectSound(page, site, labSights(), { inDark: 2, walked: 2 }))

test('the documentation and the page of ten lines have no violation, and can be used by keyboard alone', ({
  page,
  site,
}) => {
  const docs = docsSights(site)
  const walked = docs.filter(({ name }) => /-(?:index|embedding)$/.test(name))
  const others = docs.filter((sight) => !walked.includes(sight))
  return expectSound(page, site, [embedSight, ...walked, ...others], { inDark: 4, walked: 1 + walked.length })
})

/** `inDark`, `walked`: so many of them, from the first, where the others have the same sheet or the same controls. */
async function expectSound(
  page: Page,
  site: BuiltSite,
  sights: readonly Sight[],
  { inDark = sights.length, walked = sights.length } = {},
): Promise<void> {
  const found: string[] = []
  for (const [index, sight] of sights.entries()) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await look(page, site, sight)
    const told = index < inDark ? await violationsInBoth(page) : await violations(page)
    found.push(...told.map((each) => `${sight.name}, ${each}`))
    if (index < walked) await expectWalk(page, sight.name)
  }
  expect(sights.length).toBeGreaterThan(0)
  expect(found).toEqual([])
}

/** All that the dark changes are colours. */
async function violationsInBoth(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const light = await violations(page)
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const dark = await violations(page, ['color-contrast'])
  return [...light, ...dark.map((told) => `dark: ${told}`)]
}

interface Axe {
  run(context: Document, options: object): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }>
}

async function violations(page: Page, only?: readonly string[]): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(axe.source)
  return page.evaluate(async (rules) => {
    const options = rules ? { runOnly: rules } : {}
    const { axe: tool } = globalThis as unknown as { axe: Axe }
    const report = await tool.run(document, { resultTypes: ['violations'], ...options })
    return report.violations.map(
      ({ id, nodes }) => `${id} at ${nodes.map(({ target }) => JSON.stringify(target)).join(' ')}`,
    )
  }, only)
}

async function expectWalk(page: Page, name: string): Promise<void> {
  const { stops, unreached, unmarked } = await focusWalk(page)
  expect.soft(stops, `${name}: something can have the focus`).toBeGreaterThan(0)
  expect.soft(unreached, `${name}: not reached by Tab`).toEqual([])
  expect.soft(unmarked, `${name}: the focus is not seen`).toEqual([])
}

/** Wide, the chat and the hood stand beside the others. */
const windows = [
  { width: 1440, height: 900, shown: ['board', 'text', 'tasks', 'files'] },
  { width: 390, height: 844, shown: ['board', 'text', 'tasks', 'files', 'chat', 'hood'] },
] as const

/** A room with three people and something of theirs on each surface, as the first of them sees it; the hood is open. */
async function roomAtWork(context: BrowserContext, site: BuiltSite): Promise<Page> {
  const pages = await new DemoRoom(context, `${site.address}index.html`).together(3)
  const [page, other] = pages as [Page, Page]
  for (const [index, each] of pages.entries()) {
    await draw(each, 0.2 + 0.2 * index)
    await say(each, ['Shall we begin?', 'All together!', 'One, two …'][index]!)
  }
  for (const surface of ['tasks', 'files', 'text'] as const) await show(other, surface)
  await other.evaluate(() => {
    document.querySelector<TuttiTasks>('tutti-tasks')!.addCard('Bring the scores')
    document.querySelector<TuttiFiles>('tutti-files')!.share([new File(['la'], 'score.txt')])
    document.querySelector<TuttiEditor>('tutti-editor')!.ytext?.insert(0, 'Andante')
  })
  await page.bringToFront()
  for (const [tag, text] of [
    ['chat', 'One, two …'],
    ['tasks', 'Bring the scores'],
    ['files', 'score.txt'],
  ] as const) {
    await expect(page.locator(`tutti-${tag}`)).toContainText(text)
  }
  // Lines are drawn only where they are seen.
  await expect
    .poll(() => page.evaluate(() => document.querySelector<TuttiEditor>('tutti-editor')?.text))
    .toBe('Andante')
  await page.setViewportSize({ width: 1440, height: 900 })
  const hood = page.locator('#hood-switch')
  if ((await hood.getAttribute('aria-expanded')) === 'false') await hood.press('Enter')
  await page.locator('#hood-body tutti-spacetime').waitFor()
  return page
}

async function show(page: Page, surface: string): Promise<void> {
  const link = page.locator(`.surfaces a[href="#${surface}"]`)
  await link.click()
  await expect(link).toHaveAttribute('aria-current', 'page')
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
}
