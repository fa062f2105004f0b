import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Catch, Hunt, Report, Run } from './hunt.ts'

/** A run that is still going this long after the last one may begin hangs. */
const HANGS_AFTER_MS = 30_000

export interface HuntResult {
  readonly caught: readonly Catch[]
  readonly runs: number
}

/** Sends a process into the copy and waits for what it finds. A run that never ends is a catch too. */
export function hunt(copy: string, order: Hunt): Promise<HuntResult> {
  return new Promise((resolve, reject) => {
    const child = fork(join(copy, 'tests/mutants/hunt.ts'), { cwd: copy, execArgv: process.execArgv })
    let begun: Run | undefined
    let result: HuntResult | undefined
    let hangs = false
    const timer = setTimeout(() => {
      hangs = true
      child.kill('SIGKILL')
    }, order.limitMs + HANGS_AFTER_MS)
    child.on('message', (report: Report) => {
      if (report.type === 'begin') begun = report.run
      else {
        result = report
        child.disconnect()
      }
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (result !== undefined) resolve(result)
      else if (hangs && begun !== undefined) {
        resolve({ caught: [{ run: begun, broken: [{ rule: 'settles', evidence: 'the run never ends' }] }], runs: 0 })
      } else reject(new Error(`a process ended without an answer: ${signal ?? `exit code ${code}`}`))
    })
    child.send(order)
  })
}
