import { fileURLToPath } from 'node:url'
import { serveScript } from './site.ts'
import { test as social } from './social-test.ts'

const script = fileURLToPath(new URL('../pages/share-page.ts', import.meta.url))

/** Each test has a room of its own, on a page with tasks, files and a chat. */
export const test = social.extend({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      await using site = await serveScript(script)
      await use(site)
    },
    { scope: 'worker' },
  ],
})
