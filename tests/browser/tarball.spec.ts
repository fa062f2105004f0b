import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'playwright/test'
import { makeProject, type Project } from '../package/project.ts'

// Somebody else's project, with nothing of ours but the tarball: its page and its server are the installed package's.

let project: Project
let server: ChildProcess
let address: string

test.beforeAll(async () => {
  test.setTimeout(180_000)
  project = await makeProject()
  await project.run('vite', 'build')
  const args = ['signaling', '--port', '0', '--host', '127.0.0.1', '--serve', join(project.directory, 'dist')]
  server = spawn(join(project.directory, 'node_modules/.bin/tutti'), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(server.stdout!), 'line')) as [string]
  address = /https?:\/\/\S+/.exec(line)![0]
})

test.afterAll(async () => {
  if (server?.exitCode === null) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  await project?.[Symbol.asyncDispose]()
})

test('the ten lines of the README, in a project of their own, form a group', async ({ context }) => {
  const [first, second] = [await context.newPage(), await context.newPage()]
  await first.goto(address)
  await expect(first.locator('body')).toContainText('Here: Ada.')
  await second.goto(address)
  for (const page of [first, second]) await expect(page.locator('body')).toContainText('Here: Ada,Ada.')
  await first.locator('body').click()
  for (const page of [first, second]) await expect(page.locator('body')).toContainText('Ada says hello.')
})
