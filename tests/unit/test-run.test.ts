import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run, runEach } from '../run/command.ts'
import { countCommand, countRunner, readPlaywright, readVitest, say, sum } from '../run/count.ts'

describe('the count of a test run', () => {
  let folder: string
  let report: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tutti-count-'))
    report = join(folder, 'report.json')
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  const count = (ok: boolean, passed: number, failed: number): ReturnType<typeof countRunner> =>
    countRunner({ ok, output: '' }, report, () => ({ passed, failed, skipped: 0 }))

  it('takes a runner at its word when its exit code agrees', () => {
    writeFileSync(report, '{}')
    expect(count(true, 3, 0)).toMatchObject({ passed: 3, failed: 0 })
    expect(count(false, 3, 2)).toMatchObject({ passed: 3, failed: 2 })
  })

  it('counts a failure for a runner that wrote no report, ran no test, or failed outside of its tests', () => {
    expect(count(true, 3, 0)).toMatchObject({ passed: 0, failed: 1 })
    writeFileSync(report, '{}')
    expect(count(true, 0, 0)).toMatchObject({ passed: 0, failed: 1 })
    expect(count(false, 3, 0)).toMatchObject({ passed: 3, failed: 1 })
  })

  it('counts the tests of a vitest report, and files that failed without one', () => {
    const file = (status: string, ...tests: string[]): object => ({
      name: 'a.test.ts',
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })
    const files = [file('passed', 'passed', 'pending'), file('failed', 'failed', 'passed'), file('failed')]
    expect(readVitest({ testResults: files })).toEqual({ passed: 2, failed: 2, skipped: 1 })
  })

  it('counts the tests of a Playwright report, flaky ones and errors outside of tests as failed', () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 1 }
    expect(readPlaywright({ errors: [], stats })).toEqual({ passed: 4, failed: 2, skipped: 1 })
    const none = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }
    expect(readPlaywright({ errors: [{}], stats: none })).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('adds up to one line', () => {
    const command = countCommand({ ok: true, output: '' })
    expect(say(sum([command, { passed: 2, failed: 1, skipped: 0 }]))).toBe('3 passed, 1 failed')
    expect(say({ passed: 2, failed: 0, skipped: 1 })).toBe('2 passed, 0 failed, 1 skipped')
  })
})

describe('a command of a test run', () => {
  const limitMs = 10_000

  it('brings its output and its end', async () => {
    expect(await run('node', ['-e', 'console.log(process.stdout.isTTY)'], { limitMs })).toEqual({
      ok: true,
      output: 'undefined\n',
    })
    const bad = await run('node', ['-e', 'process.exit(3)'], { limitMs })
    expect(bad).toEqual({ ok: false, output: '\nnode ended with exit code 3\n' })
  })

  it('fails when it does not exist', async () => {
    expect(await run('no-such-command-here', [], { limitMs })).toMatchObject({ ok: false })
  })

  it('is killed with its children when it takes too long', async () => {
    const hang = `require('node:child_process').spawn('node', ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`
    const result = await run('node', ['-e', hang], { limitMs: 300 })
    expect(result.ok).toBe(false)
    expect(result.output).toContain('had not ended after 0.3 s')
  })

  it('stops a series at the first that fails', async () => {
    const result = await runEach(
      [
        ['node', '-e', 'process.exit(1)'],
        ['node', '--version'],
      ],
      { limitMs },
    )
    expect(result.ok).toBe(false)
    expect(result.output).not.toContain('--version')
  })
})
