import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'playwright/test'

// What `npm start` runs, from outside.

const running = new Set<Run>()

test.afterEach(async () => {
  for (const run of running) {
    run.child.kill('SIGKILL')
    await run.exit
  }
})

test('prints one address, serves the page there, and ends with 0 when told to', async () => {
  const run = start('0')
  await expect.poll(() => run.out, { timeout: 30_000 }).toMatch(/^http:\/\/localhost:\d+\/\n$/)
  const page = await fetch(run.out.trim())
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<tutti-group>')
  run.child.kill('SIGTERM')
  expect(await run.exit).toBe(0)
  expect(run.out.split('\n')).toHaveLength(2)
  expect(run.err).toBe('')
})

test('says that a port is in use, in one line, and ends with 1', async () => {
  const other = createServer()
  await once(other.listen(0), 'listening')
  const { port } = other.address() as AddressInfo
  const run = start(String(port))
  expect(await run.exit).toBe(1)
  other.close()
  expect(run.out).toBe('')
  expect(run.err).toBe(`tutti: port ${port} is in use: name another one, as in PORT=8081 npm start\n`)
})

test('says that a port makes no sense', async () => {
  const run = start('http')
  expect(await run.exit).toBe(1)
  expect(run.err).toBe('tutti: PORT is http: it must be a number from 0 to 65535\n')
})

interface Run {
  readonly child: ChildProcess
  readonly exit: Promise<number | null>
  out: string
  err: string
}

function start(port: string): Run {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const env = { ...process.env, PORT: port, NO_COLOR: undefined, FORCE_COLOR: undefined }
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/start.ts'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const run: Run = { child, exit, out: '', err: '' }
  running.add(run)
  exit.then(() => running.delete(run))
  child.stdout.on('data', (text) => {
    run.out += text
  })
  child.stderr.on('data', (text) => {
    run.err += text
  })
  return run
}
