import axe from 'axe-core'
import type { Page } from 'playwright/test'
import { docsSights, embedSight, gallerySight, labSights, look, roomSights, type Sight } from './support/all-pages.ts'
import type { BuiltSite } from './support/built-site.ts'
import { focusWalk } from './support/focus-walk.ts'
import { expect, test } from './support/site-test.ts'

// Every page, light and dark, by the rules of WCAG 2.2 A and AA and by best practice; and all of it by keyboard.

test.describe.configure({ timeout: 180_000 })

test('the room has no violation, whatever is open in it', ({ page, site }) => expectSound(page, site, roomSights()))

test('the gallery has no violation', ({ page, site }) => expectSound(page, site, [gallerySight]))

test('the lab has no violation', ({ page, site }) => expectSound(page, site, labSights(), 2))

test('the documentation and the page of ten lines have no violation', ({ page, site }) =>
  expectSound(page, site, [embedSight, ...docsSights(site)], 4))

test('the room can be used by keyboard alone', ({ page, site }) => expectWalk(page, site, roomSights()))

test('the gallery can be used by keyboard alone', ({ page, site }) => expectWalk(page, site, [gallerySight]))

test('lab, documentation and the page of ten lines can be used by keyboard alone', ({ page, site }) => {
  const docs = docsSights(site).filter(({ name }) => /-(?:index|embedding)$/.test(name))
  return expectWalk(page, site, [...labSights().slice(0, 2), ...docs, embedSight])
})

/** `inDark`: how many of them are looked at in the dark as well, where all have one style sheet. */
async function expectSound(
  page: Page,
  site: BuiltSite,
  sights: readonly Sight[],
  inDark = sights.length,
): Promise<void> {
  const found: string[] = []
  for (const [index, sight] of sights.entries()) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await look(page, site, sight)
    await page.evaluate(axe.source)
    found.push(...(await violations(page)).map((told) => `${sight.name}, light: ${told}`))
    if (index >= inDark) continue
    // All that the other scheme changes are colours.
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    found.push(...(await violations(page, ['color-contrast'])).map((told) => `${sight.name}, dark: ${told}`))
  }
  expect(sights.length).toBeGreaterThan(0)
  expect([...new Set(found)]).toEqual([])
}

interface Axe {
  run(context: Document, options: object): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }>
}

function violations(page: Page, only?: readonly string[]): Promise<string[]> {
  return page.evaluate(async (rules) => {
    const options = rules ? { runOnly: rules } : {}
    const { axe: tool } = globalThis as unknown as { axe: Axe }
    const report = await tool.run(document, { resultTypes: ['violations'], ...options })
    return report.violations.map(
      ({ id, nodes }) => `${id} at ${nodes.map(({ target }) => JSON.stringify(target)).join(' ')}`,
    )
  }, only)
}

async function expectWalk(page: Page, site: BuiltSite, sights: readonly Sight[]): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const sight of sights) {
    await look(page, site, sight)
    const { stops, unreached, unmarked } = await focusWalk(page)
    expect.soft(stops, `${sight.name}: something can have the focus`).toBeGreaterThan(0)
    expect.soft(unreached, `${sight.name}: not reached by Tab`).toEqual([])
    expect.soft(unmarked, `${sight.name}: the focus is not seen`).toEqual([])
  }
}
