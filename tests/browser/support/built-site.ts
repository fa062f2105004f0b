import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { createSignalingServer } from '../../../signaling/index.ts'

/** All pages as `npm run build` makes them, in a folder of their own, and a signaling server that serves them. */
export interface BuiltSite extends AsyncDisposable {
  /** With a slash at its end. */
  readonly address: string
  /** Where the files are. */
  readonly folder: string
}

export async function buildSite(): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-site-'))
  await buildPages(folder)
  const site = await serveSite(folder)
  return {
    ...site,
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function buildPages(folder: string): Promise<void> {
  const configFile = fileURLToPath(new URL('../../../vite.config.ts', import.meta.url))
  await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
}

/** Serves pages that are built. */
export async function serveSite(folder: string): Promise<BuiltSite> {
  const server = await createSignalingServer({ port: 0, host: '127.0.0.1', serve: folder, bootGraceMs: 0 })
  return {
    address: `http://127.0.0.1:${server.port}/`,
    folder,
    [Symbol.asyncDispose]: () => server.close(),
  }
}
