import type { Browser } from 'playwright'
import { heapBytes } from '../support/heap.ts'
import type { Figures, Scenario } from '../support/scenario.ts'
import type { Stage } from '../support/stage.ts'
import { type Tab, Tabs } from '../support/tabs.ts'

const MESSAGES = 20_000
const MESSAGE_BYTES = 1_000
/** The receiver is stopped when it has so many. */
const STOP_AFTER = 1_000
const STOPPED_MS = 10_000
const LIMIT_MS = 60_000

/** The receiver of a stream of 20 MB is stopped for ten seconds in the middle of it. */
export const stopped: Scenario = {
  name: 'stopped',
  contestants: [{ name: 'tutti', run }],
  repetitions: 3,
  rows: [
    row('arrived', 'share of the 20 MB that arrived, once and in order', 'of 1', { atLeast: 1 }),
    row('viewChanges', 'view changes meanwhile', 'views', { atMost: 0 }),
    row('windowShare', 'bytes of values multicast and not delivered there, of the window', 'of 1', { atMost: 1 }),
    row('heapShare', 'what the heap of the sender grew by meanwhile, of the window', 'of 1', undefined),
    row('caughtUpMs', 'from its waking until it has all', 'ms', { atMost: 2_000 }),
  ],
}

async function run(stage: Stage): Promise<Figures> {
  const browsers = await Promise.all([stage.launch(), stage.launch()])
  try {
    return await play(stage, browsers)
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()))
  }
}

async function play(stage: Stage, browsers: readonly Browser[]): Promise<Figures> {
  await using tabs = new Tabs()
  const room = stage.room()
  const address = (place: number): string => stage.address('tutti-load', { room, place: `${place}` })
  const sender = await tabs.open(browsers[0]!, address(0))
  const receiver = await tabs.open(browsers[1]!, address(1))
  await tabs.join()
  await tabs.within(
    'together',
    LIMIT_MS,
    sender.page.evaluate(() => window.load.together(2)),
  )
  // As much as what is measured: all that is kept for a while is full then.
  await Promise.all([tabs.within('all sent', LIMIT_MS, stream(sender)), heardSoMany(tabs, receiver, MESSAGES)])
  const before = await standing(sender)
  const heapBefore = await heapBytes(sender)

  const sent = tabs.within('all sent', LIMIT_MS, stream(sender))
  // Looked at when it has woken.
  sent.catch(() => {})
  await heardSoMany(tabs, receiver, MESSAGES + STOP_AFTER)
  const renderers = await rendererIds(browsers[1]!)
  const wake = (): void => signalAll(renderers, 'SIGCONT')
  const during = { heapMost: 0, sentMost: 0 }
  signalAll(renderers, 'SIGSTOP')
  try {
    const end = performance.now() + STOPPED_MS
    while (performance.now() < end) {
      during.heapMost = Math.max(during.heapMost, await heapBytes(sender))
      during.sentMost = (await standing(sender)).sent
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  } finally {
    wake()
  }
  const wokenMs = Date.now()
  await sent
  await heardSoMany(tabs, receiver, 2 * MESSAGES)
  const [after, heard] = [await standing(sender), await standing(receiver)]
  if (heard.faults.length > 0) throw new Error(`the stream went wrong: ${heard.faults.slice(0, 5).join('; ')}`)
  return {
    arrived: (heard.bytesHeard - MESSAGES * MESSAGE_BYTES) / (MESSAGES * MESSAGE_BYTES),
    viewChanges: after.views - before.views,
    windowShare: ((during.sentMost - heard.heardBeforePause) * MESSAGE_BYTES) / after.windowBytes,
    heapShare: (during.heapMost - heapBefore) / after.windowBytes,
    caughtUpMs: heard.lastHeardMs - wokenMs,
  }
}

function stream({ page }: Tab): Promise<void> {
  return page.evaluate(([count, bytes]) => window.load.stream(count, bytes), [MESSAGES, MESSAGE_BYTES] as const)
}

function heardSoMany(tabs: Tabs, { page }: Tab, messages: number): Promise<void> {
  const heard = page.evaluate((n) => window.load.heardSoMany(n), messages)
  return tabs.within(`${messages} messages heard`, LIMIT_MS, heard)
}

function standing({ page }: Tab): Promise<ReturnType<Window['load']['standing']>> {
  return page.evaluate(() => window.load.standing())
}

/** The processes of a browser's pages. */
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

function row(
  figure: string,
  what: string,
  unit: string,
  bound: Scenario['rows'][number]['bound'],
): Scenario['rows'][number] {
  return {
    name: `stopped-${figure.replace(/[A-Z].*/, '').toLowerCase()}`,
    what: `receiver stopped for 10 s in a stream of 20 MB: ${what}`,
    unit,
    of: { contestant: 'tutti', figure },
    ...(bound === undefined ? {} : { bound }),
  }
}
