import { existsSync } from 'node:fs'
import { chromiumPaths } from '../browser/support/chromium.ts'
import { run } from './command.ts'

export interface Ensured {
  /** A Chromium that starts; undefined where none was found and none could be had. */
  path: string | undefined
  /** What the attempts to get one said. */
  output: string
}

export const advice =
  'No Chromium that starts: run `npx playwright install --with-deps chromium`, or set TUTTI_CHROMIUM to the path of one.'

/** Finds a Chromium that starts, or gets one: Playwright's download, else the distribution's where we may install it. */
export async function ensureChromium(): Promise<Ensured> {
  let output = ''
  const found = await firstThatStarts()
  if (found !== undefined || process.env.TUTTI_CHROMIUM) return { path: found, output }
  for (const attempt of attempts()) {
    for (const [command, limitMs, ...args] of attempt) {
      const result = await run(command, args, { limitMs, env: { DEBIAN_FRONTEND: 'noninteractive' } })
      output += `$ ${[command, ...args].join(' ')}\n${result.output}`
    }
    const path = await firstThatStarts()
    if (path !== undefined) return { path, output }
  }
  return { path: undefined, output }
}

type Attempt = readonly (readonly [command: string, limitMs: number, ...args: string[]])[]

function attempts(): readonly Attempt[] {
  const playwright: Attempt = [['playwright', 150_000, 'install', 'chromium']]
  const apt: Attempt = [
    ['apt-get', 60_000, 'update'],
    ['apt-get', 150_000, 'install', '-y', 'chromium'],
  ]
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  return mayInstall ? [playwright, apt] : [playwright]
}

/** A file alone proves nothing: a download may lack its libraries, a distribution may ship a stub. */
async function firstThatStarts(): Promise<string | undefined> {
  for (const path of chromiumPaths()) {
    if (existsSync(path) && (await run(path, ['--version'], { limitMs: 20_000 })).ok) return path
  }
  return undefined
}
