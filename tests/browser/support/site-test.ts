import { test as base, expect } from 'playwright/test'
import { type BuiltSite, serveSite } from './built-site.ts'
import { sharedPages } from './shared.ts'

/** Each test has the built site, which is built once a run. */
export const test = base.extend<object, { site: BuiltSite }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveSite(await sharedPages())
      await use(site)
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

export { expect }
