import type { Browser } from 'playwright'
import { heapBytes } from '../support/heap.ts'
import type { Contestant, Figures, Scenario } from '../support/scenario.ts'
import type { PageName } from '../support/site.ts'
import type { Stage } from '../support/stage.ts'
import { whileStopped } from '../support/stopping.ts'
import { type Tab, Tabs } from '../support/tabs.ts'

const MESSAGES = 20_000
const MESSAGE_BYTES = 1_000
/** The receiver is stopped when it has so many. */
const STOP_AFTER = 1_000
const LIMIT_MS = 60_000

/** The receiver of a stream of 20 MB is stopped for ten seconds in the middle of it. */
export const stopped: Scenario = {
  name: 'stopped',
  contestants: [contestant('raw', playRaw), contestant('tutti', playTutti)],
  repetitions: 3,
  rows: [
    row('arrived', 'share of the 20 MB that arrived, once and in order', 'of 1', { atLeast: 1 }),
    row('viewChanges', 'view changes meanwhile', 'views', { atMost: 0 }),
    row('windowShare', 'bytes of values multicast and not delivered there, of the window', 'of 1', { atMost: 1 }),
    row('heapShare', 'what the heap of the sender grew by meanwhile, of the window', 'of 1', undefined),
    row('caughtUpMs', 'from its waking until it has all', 'ms', { atMost: 2_000 }),
    {
      ...row('rawCaughtUpMs', 'the same over a raw channel', 'ms', undefined),
      of: { contestant: 'raw', figure: 'caughtUpMs' },
    },
  ],
}

type Play = (stage: Stage, tabs: Tabs, browsers: readonly [Browser, Browser]) => Promise<Figures>

/** Each tab is in a browser of its own, so that one can be stopped and not the other. */
function contestant(name: string, play: Play): Contestant {
  return {
    name,
    async run(stage) {
      const browsers = await Promise.all([stage.launch(), stage.launch()])
      try {
        await using tabs = new Tabs()
        return await play(stage, tabs, browsers)
      } finally {
        await Promise.all(browsers.map((browser) => browser.close()))
      }
    },
  }
}

/** What the browser itself takes to go on. */
async function playRaw(stage: Stage, tabs: Tabs, browsers: readonly [Browser, Browser]): Promise<Figures> {
  const [sender, receiver] = await open(stage, tabs, browsers, 'raw')
  const bytes = MESSAGES * MESSAGE_BYTES
  await receiver.page.evaluate((n) => window.bench.expect(n), bytes)
  const reached = receiver.page.evaluate(() => window.bench.reached())
  const sent = tabs.within(
    'all sent',
    LIMIT_MS,
    sender.page.evaluate((n) => window.bench.bulk(n), bytes),
  )
  // Looked at when it has woken.
  sent.catch(() => {})
  while ((await receiver.page.evaluate(() => window.bench.heardBytes())) < STOP_AFTER * MESSAGE_BYTES);
  const wokenMs = await whileStopped(browsers[1], () => Promise.resolve())
  await sent
  return { caughtUpMs: (await tabs.within('all heard', LIMIT_MS, reached)) - wokenMs }
}

async function open(
  stage: Stage,
  tabs: Tabs,
  browsers: readonly [Browser, Browser],
  page: PageName,
): Promise<[sender: Tab, receiver: Tab]> {
  const room = stage.room()
  const address = (place: number): string => stage.address(page, { room, tabs: '2', place: `${place}` })
  const opened: [Tab, Tab] = [await tabs.open(browsers[0], address(0)), await tabs.open(browsers[1], address(1))]
  await tabs.join()
  return opened
}

async function playTutti(stage: Stage, tabs: Tabs, browsers: readonly [Browser, Browser]): Promise<Figures> {
  const [sender, receiver] = await open(stage, tabs, browsers, 'tutti-load')
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
  const during = { heapMost: 0, sentMost: 0 }
  const wokenMs = await whileStopped(browsers[1], async () => {
    during.heapMost = Math.max(during.heapMost, await heapBytes(sender))
    during.sentMost = (await standing(sender)).sent
  })
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
