import { existsSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { type BrowserContextOptions, chromium, type LaunchOptions } from 'playwright'

/** Where a Chromium may be, best first: `TUTTI_CHROMIUM` alone if set, else Playwright's download, else the system's. */
export function chromiumPaths(): readonly string[] {
  const named = process.env.TUTTI_CHROMIUM
  return named ? [named] : [chromium.executablePath(), ...systemPaths].filter((path) => path !== '')
}

/** The first of these that exists, undefined where none does; throws where `TUTTI_CHROMIUM` names none. */
export function findChromium(): string | undefined {
  const found = chromiumPaths().find((path) => existsSync(path))
  const named = process.env.TUTTI_CHROMIUM
  if (found === undefined && named) throw new Error(`TUTTI_CHROMIUM names ${named}, which does not exist`)
  return found
}

/** For `chromium.launch` and for the `use.launchOptions` of the test runner. */
export function launchOptions(): LaunchOptions {
  const executablePath = findChromium()
  return {
    headless: true,
    chromiumSandbox: false, // The sandbox refuses to run as root.
    args: hasRoute() ? [] : ['--allow-loopback-in-peer-connection'],
    ...(executablePath === undefined ? {} : { executablePath }),
  }
}

/**
 * For `browser.newContext` and for `use` of the test runner. On a machine with nothing but loopback, WebRTC takes the
 * loopback address only of a page that may use camera and microphone; without both there is no candidate and no error.
 */
export function contextOptions(): BrowserContextOptions {
  return hasRoute() ? {} : { permissions: ['microphone', 'camera'] }
}

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Whether the machine has an address other than loopback, and a default route where that can be told. */
export function hasRoute(): boolean {
  const outward = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal))
  return outward && hasDefaultRoute()
}

function hasDefaultRoute(): boolean {
  const table = '/proc/net/route'
  if (!existsSync(table)) return true
  return readFileSync(table, 'utf8')
    .split('\n')
    .some((line) => line.split(/\s+/)[1] === '00000000')
}
