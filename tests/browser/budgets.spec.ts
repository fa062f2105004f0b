import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from './support/site-test.ts'

// How much script pages load, as built. How soon the room can be used depends on the machine: `npm run looks` says it.

const KB = 1000
const ROOM_MAX_KB = 350
const EMBEDDED_CHAT_MAX_KB = 90

test('the room has no more script than was aimed at, all that it may ever load counted', ({ site }) => {
  const scripts = reachable(site.folder, 'index.html')
  expect(scripts.length).toBeGreaterThan(1)
  report('room', scripts, site.folder)
  expect(zipped(site.folder, scripts) / KB).toBeLessThanOrEqual(ROOM_MAX_KB)
})

test('a chat that is embedded has no more script than was aimed at, the client of its server counted', ({ site }) => {
  const all = reachable(site.folder, 'embed.html')
  expect(all).toContain('embed/tutti-chat.js')
  // Of these a page loads one: that by which its members find each other.
  const [server, local] = ['socket-io.js', 'local.js'].map((name) => `embed/tutti-chat-parts/${name}`) as [
    string,
    string,
  ]
  expect(all).toEqual(expect.arrayContaining([server, local]))
  const withServer = all.filter((name) => name !== local)
  const without = all.filter((name) => name !== server)
  report('embedded chat', withServer, site.folder)
  report('embedded chat, without a server', without, site.folder)
  expect(zipped(site.folder, withServer) / KB).toBeLessThanOrEqual(EMBEDDED_CHAT_MAX_KB)
  expect(zipped(site.folder, without)).toBeLessThan(zipped(site.folder, withServer))
})

/** Every script that a page names, and that these name: imported at once, later, or by a worker. */
function reachable(folder: string, page: string): string[] {
  const found = new Set<string>()
  const visit = (file: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [, name] of text.matchAll(/["'`]([\w./-]+\.js)["'`]/g)) {
      const here = [join(dirname(file), name!), name!].find((path) => existsSync(join(folder, path)))
      if (here === undefined || found.has(here)) continue
      found.add(here)
      visit(here)
    }
  }
  visit(page)
  return [...found]
}

function zipped(folder: string, files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0)
}

function report(what: string, files: readonly string[], folder: string): void {
  const description = `${what}: ${(zipped(folder, files) / KB).toFixed(1)} KB zipped in ${files.length} scripts`
  test.info().annotations.push({ type: 'size', description })
  console.log(`    ${description}`)
}
