import type { Browser } from 'playwright'

const STOPPED_MS = 10_000
const LOOK_EVERY_MS = 250

/** Stops the processes of a browser's pages for ten seconds, and looks at others meanwhile. Resolves to when they woke. */
export async function whileStopped(browser: Browser, look: () => Promise<void>): Promise<number> {
  const renderers = await rendererIds(browser)
  signalAll(renderers, 'SIGSTOP')
  try {
    const end = performance.now() + STOPPED_MS
    while (performance.now() < end) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  } finally {
    signalAll(renderers, 'SIGCONT')
  }
  return Date.now()
}

async function rendererIds(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const ids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  if (ids.length === 0) throw new Error('the browser has no renderer')
  return ids
}

function signalAll(ids: readonly number[], signal: NodeJS.Signals): void {
  for (const id of ids) process.kill(id, signal)
}
