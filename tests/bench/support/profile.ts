import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tab } from './tabs.ts'

/** The part of a .cpuprofile that is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples?: readonly number[]
  readonly timeDeltas?: readonly number[]
}

const SAMPLE_US = 200

/** Writes where the time goes while something is measured: .cpuprofile files, and tables of functions in one text. */
export class Profiler {
  readonly #folder: string
  readonly #tables: string[] = []

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
  }

  async around<T>(name: string, tabs: readonly Tab[], run: () => Promise<T>): Promise<T> {
    for (const { cdp } of tabs) {
      await cdp.send('Profiler.enable')
      await cdp.send('Profiler.setSamplingInterval', { interval: SAMPLE_US })
      await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
      await cdp.send('Profiler.start')
    }
    const before = await Promise.all(tabs.map(cpuTimes))
    const result = await run()
    const after = await Promise.all(tabs.map(cpuTimes))
    for (const [index, { cdp, place }] of tabs.entries()) {
      const { profile } = await cdp.send('Profiler.stop')
      writeFileSync(join(this.#folder, `${name}-tab-${place}.cpuprofile`), JSON.stringify(profile))
      const used = (name: keyof CpuTimes): string => `${Math.round(after[index]![name] - before[index]![name])} ms`
      const times = `${used('threadMs')} of a processor in its main thread, ${used('processMs')} in all threads`
      this.#tables.push(`## ${name}, tab ${place}\n\n${times}\n\n${selfTimes(profile)}`)
    }
    writeFileSync(join(this.#folder, 'profile.md'), `${this.#tables.join('\n\n')}\n`)
    return result
  }
}

/** What a page has had of a processor so far. A profile counts the time in which others had it, too. */
interface CpuTimes {
  readonly threadMs: number
  readonly processMs: number
}

async function cpuTimes({ cdp }: Tab): Promise<CpuTimes> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  const inMs = (wanted: string): number => metrics.find(({ name }) => name === wanted)!.value * 1_000
  return { threadMs: inMs('ThreadTime'), processMs: inMs('ProcessTime') }
}

/** The functions with the most time of their own, as a table. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile, count = 25): string {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'}:${lineNumber}`,
    ]),
  )
  const times = new Map<string, number>()
  samples.forEach((id, index) => {
    const name = names.get(id)!
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1_000)
  })
  const total = [...times.values()].reduce((sum, ms) => sum + ms, 0)
  const rows = [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, ms]) => `| ${name} | ${ms.toFixed(1)} | ${((100 * ms) / total).toFixed(1)} |`)
  return ['| function:line | self ms | % |', '| --- | --: | --: |', ...rows].join('\n')
}
