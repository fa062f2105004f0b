import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base, expect } from 'playwright/test'
import { build } from 'vite'
import { createSignalingServer } from '../../../signaling/index.ts'

/** All pages as `npm run build` makes them, served with a signaling server as `npm start` does. */
export interface BuiltSite {
  /** With a slash at its end. */
  readonly address: string
  /** Where the files are. */
  readonly folder: string
}

export const test = base.extend<object, { site: BuiltSite }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures' names from here
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'tutti-site-'))
      const configFile = fileURLToPath(new URL('../../../vite.config.ts', import.meta.url))
      await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
      const server = await createSignalingServer({ port: 0, host: '127.0.0.1', serve: folder, bootGraceMs: 0 })
      await use({ address: `http://127.0.0.1:${server.port}/`, folder })
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

export { expect }
