import { fileURLToPath } from 'node:url'
import { test as base, expect } from 'playwright/test'
import { Ensemble } from './ensemble.ts'
import { type Site, serveScript } from './site.ts'

const page = fileURLToPath(new URL('../pages/group-page.ts', import.meta.url))

/** Each test has an ensemble: a signaling server of its own, and tabs of a page that joins a group. */
export const test = base.extend<{ ensemble: Ensemble }, { site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveScript(page)
      await use(site)
    },
    { scope: 'worker' },
  ],
  ensemble: async ({ browser, site }, use) => {
    await using ensemble = await Ensemble.open(browser, site.address)
    await use(ensemble)
  },
})

/** Notes a time in the report, prints it, and holds it to its bound. */
export function expectWithin(what: string, tookMs: number, boundMs: number): void {
  const description = `${what}: ${Math.round(tookMs)} ms, of at most ${boundMs} ms`
  test.info().annotations.push({ type: 'time', description })
  console.log(`    ${description}`)
  expect(tookMs, description).toBeLessThanOrEqual(boundMs)
}

export { expect }
