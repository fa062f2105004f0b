import { setTimeout as elapse } from 'node:timers/promises'
import { type Scene, until } from './scene.ts'
import type { Report, Tab } from './tab.ts'

/** What came of a row. */
export interface Outcome {
  /** Whether all had the same in the end, with nothing missing. */
  readonly isWhole: boolean
  readonly figure: string
}

export interface Row {
  readonly name: string
  readonly title: string
  /** Takes network namespaces. */
  readonly cutsLinks?: true
  play(scene: Scene): Promise<Outcome>
}

const CUT_MS = 20_000
const GHOSTS_MS = 45_000

export const rows: readonly Row[] = [
  // As large as any library here takes in one message.
  latecomer('100 KB', 100_000, 20_000),
  latecomer('300 KB', 300_000, 20_000),
  latecomer('5 MB', 5_000_000, 40_000),
  latecomer('50 MB', 50_000_000, 60_000),
  {
    name: 'crashes',
    title: '1,000 random edits of four tabs, two of which crash',
    async play(scene) {
      const [a, b, c, d] = (await scene.group(4)) as [Tab, Tab, Tab, Tab]
      const editing = [a, b, c, d].map((tab) => tab.edit(250, 20).catch(() => {}))
      for (const tab of [c, a]) {
        await until('60 edits', 20_000, async () => (await tab.edits()) > 60)
        tab.browser.kill()
      }
      await Promise.all(editing)
      const { tookMs, reports } = await scene.converged([b, d], 40_000)
      const ghostsMs = await ghosts(b, ['b', 'd'])
      const seen = `; awareness ${ghostsMs === undefined ? 'never lost the dead' : `lost the dead ${seconds(ghostsMs)} later`}`
      return outcome(tookMs, reports, ['b', 'd'], 250, seen)
    },
  },
  {
    name: 'cut',
    title: 'three tabs write while one of them is cut off for 20 s, and go on afterwards',
    cutsLinks: true,
    async play(scene) {
      const [a, b, c] = (await scene.group(3)) as [Tab, Tab, Tab]
      scene.isolate(c)
      const editing = [a, b, c].map((tab) => tab.edit(400, 250))
      await elapse(CUT_MS)
      scene.heal()
      await Promise.all(editing)
      const { tookMs, reports } = await scene.converged([a, b, c], 60_000)
      return outcome(tookMs, reports, ['a', 'b', 'c'], 400)
    },
  },
]

function latecomer(size: string, bytes: number, limitMs: number): Row {
  return {
    name: `latecomer-${size.replace(' ', '')}`,
    title: `a document of ${size} reaches one who comes later`,
    async play(scene) {
      const first = await scene.tab(bytes)
      const { characters } = await first.report()
      const second = await scene.tab()
      const { tookMs, reports } = await scene.converged([first, second], limitMs)
      const [, there] = reports
      if (tookMs !== undefined) return { isWhole: true, figure: `${seconds(tookMs)} after its page had loaded` }
      const had = `${there!.pageBytes + there!.characters} of ${bytes + characters} bytes`
      return { isWhole: false, figure: `never: it has ${had} after ${seconds(limitMs)}` }
    },
  }
}

/** How long a page still shows others than these; undefined: for longer than anybody waits. */
async function ghosts(tab: Tab, names: readonly string[]): Promise<number | undefined> {
  const started = performance.now()
  const isClean = async (): Promise<boolean> => (await tab.ask<string[]>('yjs.names()')).join() === names.join()
  const isGone = await until('no ghosts', GHOSTS_MS, isClean).then(
    () => true,
    () => false,
  )
  return isGone ? performance.now() - started : undefined
}

/** What those who are left wrote, and have of each other. */
function outcome(
  tookMs: number | undefined,
  reports: readonly Report[],
  names: readonly string[],
  each: number,
  more = '',
): Outcome {
  const own = (report: Report): number => report.marks.filter((mark) => names.includes(mark.split('/')[0]!)).length
  const least = Math.min(...reports.map(own))
  const total = names.length * each
  const isWhole = tookMs !== undefined && least === total
  const when = tookMs === undefined ? 'never the same' : `the same ${seconds(tookMs)} after the last edit`
  return { isWhole, figure: `${when}; ${total - least} of ${total} edits missing${more}` }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
