import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, run, runEach } from './command.ts'
import { countCommand, countRunner, readPlaywright, readVitest, type StepResult } from './count.ts'
import { advice, ensureChromium } from './ensure-chromium.ts'

export interface Step {
  name: string
  /** Lanes run side by side, the steps of a lane one after the other; `browser` has the machine to itself, at the end. */
  lane: 'tree' | 'tests' | 'browser'
  /** Steps whose result this one builds on. */
  needs?: readonly string[]
  run(options: StepOptions): Promise<StepResult>
}

export interface StepOptions {
  /** Where reports and logs go. */
  reports: string
  /** Parts of paths: only tests in such files; all where empty. */
  only: readonly string[]
}

const minuteMs = 60_000

export const steps: readonly Step[] = [
  {
    name: 'format',
    lane: 'tree',
    run: async () =>
      countCommand(await run('biome', ['ci', '--error-on-warnings', '--colors=off'], { limitMs: minuteMs })),
  },
  {
    name: 'types',
    lane: 'tree',
    run: async () => {
      const limits = { limitMs: 2 * minuteMs }
      const all = await runEach([['tsc', '-p', 'tsconfig.json']], limits)
      const core = await runEach([['tsc', '-p', 'tsconfig.core.json']], limits)
      return countCommand({ ok: all.ok && core.ok, output: all.output + core.output })
    },
  },
  {
    name: 'dead-code',
    lane: 'tree',
    run: async () =>
      countCommand(await run('knip', ['--no-progress', '--treat-config-hints-as-errors'], { limitMs: minuteMs })),
  },
  {
    name: 'build',
    lane: 'tree',
    run: async () => {
      const commands = [
        ['npm', 'run', 'build'],
        ['npm', 'run', 'build:check'],
      ] as const
      return countCommand(await runEach(commands, { limitMs: 3 * minuteMs }))
    },
  },
  {
    name: 'package',
    lane: 'tree',
    needs: ['build'],
    run: ({ reports }) => vitest('package', [], reports, 5 * minuteMs),
  },
  {
    name: 'unit',
    lane: 'tests',
    run: ({ reports, only }) => vitest('fast', only, reports, 8 * minuteMs),
  },
  {
    name: 'browser',
    lane: 'browser',
    needs: ['build'],
    run: ({ reports }) => browser(reports),
  },
]

async function vitest(project: string, only: readonly string[], reports: string, limitMs: number): Promise<StepResult> {
  const report = freshReport(reports, project)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const result = await run('vitest', ['run', '--project', project, ...reporters, ...only], { limitMs })
  return countRunner(result, report, readVitest)
}

async function browser(reports: string): Promise<StepResult> {
  const chromium = await ensureChromium()
  if (chromium.path === undefined) return { ...countCommand({ ok: false, output: chromium.output }), summary: advice }
  const report = freshReport(reports, 'browser')
  const result = await run('playwright', ['test', '-c', 'tests/browser/playwright.config.ts', '--reporter=list,json'], {
    limitMs: 20 * minuteMs,
    env: { TUTTI_CHROMIUM: chromium.path, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  })
  return countRunner({ ...result, output: chromium.output + result.output }, report, readPlaywright)
}

/** A report of an earlier run must not be taken for this one's. */
function freshReport(reports: string, name: string): string {
  const file = join(root, reports, `${name}.json`)
  rmSync(file, { force: true })
  return file
}
