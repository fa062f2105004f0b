import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { buildPages } from './built-site.ts'

const variable = 'TUTTI_SHARED_SITE'

/** Gives a run of the tests a folder for what its workers share; what is returned removes it. */
// biome-ignore lint/style/noDefaultExport: the runner asks for it
export default async function share(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-shared-'))
  process.env[variable] = folder
  return () => rm(folder, { recursive: true, force: true })
}

/** The folder of the built pages: the first worker that asks builds them, the others wait for it, or try in its place. */
export async function sharedPages(): Promise<string> {
  const shared = process.env[variable]!
  const pages = join(shared, 'pages')
  const lock = join(shared, 'lock')
  while (!existsSync(pages)) {
    if (!(await isFirst(lock))) await delay(50)
    else await buildUnlessThere(pages, `${pages}-draft`).finally(() => rmdir(lock))
  }
  return pages
}

/** Looks again: another worker may have been ready between the look and the lock. */
async function buildUnlessThere(pages: string, draft: string): Promise<void> {
  if (existsSync(pages)) return
  await buildPages(draft)
  await rename(draft, pages)
}

function isFirst(lock: string): Promise<boolean> {
  return mkdir(lock).then(
    () => true,
    () => false,
  )
}
