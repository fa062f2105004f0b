import { existsSync, readFileSync } from 'node:fs'
import type { CommandResult } from './command.ts'

export interface Count {
  passed: number
  failed: number
  skipped: number
}

export interface StepResult extends Count {
  /** What to keep of a step. */
  output: string
  /** What to show of a step that failed, where that is not its output. */
  summary?: string
}

/** A step that runs no tests counts as one. */
export function countCommand({ ok, output }: CommandResult): StepResult {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output }
}

/**
 * A runner counts by its report. No report, no test in it, or an exit code that no failed test explains is one failure
 * more, for a run that did not happen must not look like one that went well.
 */
export function countRunner(result: CommandResult, reportFile: string, read: (report: unknown) => Count): StepResult {
  if (!existsSync(reportFile)) return failed({ passed: 0, failed: 0, skipped: 0 }, result, 'it wrote no report')
  const count = read(JSON.parse(readFileSync(reportFile, 'utf8')))
  if (count.passed + count.failed === 0) return failed(count, result, 'it ran no test')
  if (!result.ok && count.failed === 0) return failed(count, result, 'it failed outside of its tests')
  return { ...count, output: result.output }
}

interface VitestReport {
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[]
}

export function readVitest(report: unknown): Count {
  const count: Count = { passed: 0, failed: 0, skipped: 0 }
  for (const file of (report as VitestReport).testResults) {
    const failedBefore = count.failed
    for (const { status } of file.assertionResults) {
      count[status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'skipped'] += 1
    }
    // A file that does not load, or fails in a hook, has no failed test to show for it.
    if (file.status === 'failed' && count.failed === failedBefore) count.failed += 1
  }
  return count
}

interface PlaywrightReport {
  errors: unknown[]
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
}

export function readPlaywright(report: unknown): Count {
  const { errors, stats } = report as PlaywrightReport
  const failed = stats.unexpected + stats.flaky
  return { passed: stats.expected, failed: failed === 0 ? Math.min(errors.length, 1) : failed, skipped: stats.skipped }
}

export function sum(counts: readonly Count[]): Count {
  const total: Count = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of counts) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
  }
  return total
}

export function say({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
}

function failed(count: Count, { output }: CommandResult, reason: string): StepResult {
  return { ...count, failed: count.failed + 1, output: `${output}\nCounted as a failure: ${reason}.\n` }
}
