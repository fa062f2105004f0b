import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findChromium } from '../browser/support/chromium.ts'
import { serveScript } from '../browser/support/site.ts'
import { Browser } from '../chaos/support/browser.ts'
import { Network } from '../chaos/support/network.ts'
import { advice } from '../run/ensure-chromium.ts'
import { type Outcome, type Row, rows } from './rows.ts'
import { type Library, libraries, Scene, type SceneOptions } from './scene.ts'

/**
 * `npm run yjs`: documents shared by tutti/yjs in real browsers, each on a host of its own where the machine can make
 * hosts, and the same by y-webrtc beside it. Exit code 1 when ours lost anything, 2 when nothing could be run. What comes
 * of y-webrtc is told, and fails nothing.
 */
const HOSTS = 4
const USAGE = 'usage: yjs [--row NAME]... [--library tutti|y-webrtc]... [--list]'

const page = fileURLToPath(new URL('../browser/pages/yjs-page.ts', import.meta.url))

process.exitCode = await main()

async function main(): Promise<0 | 1 | 2> {
  const chosen = choose()
  if (typeof chosen === 'number') return chosen
  if (findChromium() === undefined) {
    console.error(advice)
    return 2
  }
  Browser.clearStale()
  const whyNot = Network.whyNot()
  using network = whyNot === undefined ? Network.open(HOSTS) : undefined
  process.once('exit', () => network?.[Symbol.dispose]())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  await using site = await serveScript(page, network?.gateway)
  let hasFailed = false
  for (const row of chosen.rows) {
    console.log(row.title)
    for (const library of chosen.libraries) {
      const cannot = row.cutsLinks && whyNot
      const { isWhole, figure } = cannot
        ? { isWhole: true, figure: `skipped: ${whyNot}` }
        : await play(row, { library, page: site.address, network })
      hasFailed ||= library === 'tutti' && !isWhole
      console.log(`  ${(isWhole ? 'ok' : 'FAULT').padEnd(6)}${library.padEnd(9)} ${figure}`)
    }
  }
  return hasFailed ? 1 : 0
}

async function play(row: Row, options: SceneOptions): Promise<Outcome> {
  try {
    await using scene = await Scene.open(options)
    return await row.play(scene)
  } catch (error) {
    return { isWhole: false, figure: `${error instanceof Error ? error.message : error}` }
  }
}

/** What was asked for, or the exit code where there is nothing to do. */
function choose(): { rows: readonly Row[]; libraries: readonly Library[] } | 0 | 2 {
  const options = {
    row: { type: 'string', multiple: true, default: [] as string[] },
    library: { type: 'string', multiple: true, default: [] as string[] },
    list: { type: 'boolean' },
  } as const
  try {
    const { row: names, library, list } = parseArgs({ options }).values
    const unknown = names.find((name) => !rows.some((row) => row.name === name))
    if (unknown !== undefined) throw new Error(`there is no row ${unknown}; --list names them`)
    const stranger = library.find((name) => !libraries.some((one) => one === name))
    if (stranger !== undefined) throw new Error(`there is no library ${stranger}`)
    const chosen = rows.filter(({ name }) => names.length === 0 || names.includes(name))
    if (!list)
      return { rows: chosen, libraries: libraries.filter((one) => library.length === 0 || library.includes(one)) }
    for (const { name, title } of chosen) console.log(`${name.padEnd(16)} ${title}`)
    return 0
  } catch (error) {
    console.error(`${(error as Error).message} (${USAGE})`)
    return 2
  }
}
