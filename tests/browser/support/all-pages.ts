import { readdirSync } from 'node:fs'
import type { Page } from 'playwright/test'
import { scenarios } from '../../../demo/lab/scenarios.ts'
import type { BuiltSite } from './built-site.ts'

/** A page of the site, in a state in which it is looked at. */
export interface Sight {
  readonly name: string
  /** Relative to the site. */
  readonly path: string
  /** Resolves when there is to be seen what is to be seen. */
  ready?(page: Page): Promise<unknown>
}

export const surfaces = ['board', 'text', 'tasks', 'files', 'chat'] as const

/** The room with each of its surfaces, everything under the hood in view. */
export function roomSights(): Sight[] {
  return surfaces.map((surface) => ({
    name: `room-${surface}`,
    path: `index.html?room=sights-${surface}#${surface}`,
    ready: openHood,
  }))
}

async function openHood(page: Page): Promise<void> {
  await page.locator('tutti-status').getByText('Only you').waitFor()
  const hood = page.locator('#hood-switch')
  if ((await hood.isVisible()) && (await hood.getAttribute('aria-expanded')) === 'false') await hood.click()
  if (await hood.isVisible()) await page.locator('#hood-body tutti-spacetime, #hood-body tutti-mesh').first().waitFor()
}

export function labSights(): Sight[] {
  const ready = (page: Page): Promise<unknown> => page.locator('main h1').first().waitFor()
  return [
    { name: 'lab', path: 'lab/index.html', ready },
    ...scenarios.map(({ name }) => ({ name: `lab-${name}`, path: `lab/index.html?s=${name}`, ready })),
    { name: 'lab-own', path: 'lab/index.html?s=own', ready },
  ]
}

export function docsSights({ folder }: BuiltSite): Sight[] {
  return readdirSync(`${folder}/docs`)
    .filter((name) => name.endsWith('.html'))
    .map((name) => ({ name: `docs-${name.replace('.html', '')}`, path: `docs/${name}` }))
}

export const gallerySight: Sight = {
  name: 'gallery',
  path: 'gallery.html',
  ready: (page) => page.locator('tutti-status').getByText('You went on without the others').waitFor(),
}

export const embedSight: Sight = {
  name: 'embed',
  path: 'embed.html',
  ready: (page) => page.locator('tutti-status').getByText('Only you').waitFor(),
}

/** Opens it in this tab and waits for it. */
export async function look(page: Page, site: BuiltSite, { path, ready }: Sight): Promise<void> {
  await page.goto(`${site.address}${path}`)
  await ready?.(page)
}

/** Those whose looks are kept as pictures. */
export function pictured(): Sight[] {
  const docs = ['index', 'guarantees', 'embedding', 'api'].map((slug) => ({
    name: `docs-${slug}`,
    path: `docs/${slug}.html`,
  }))
  return [...roomSights(), gallerySight, ...labSights().slice(0, 2), ...docs, embedSight]
}

/** How each of them is looked at. */
export const looks = [1440, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, height: width === 390 ? 844 : 900, colorScheme })),
)

/** Pictures are kept at half the size, which is enough to see what changed. */
export const pictureScale = 0.5
