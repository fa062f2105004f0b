import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSignalingServer, type SignalingServer } from '../../signaling/index.ts'

let folder: string
let server: SignalingServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tutti-page-'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(folder, 'page', 'assets', 'a.js'), 'export {}')
  await writeFile(join(folder, 'page', '.hidden'), 'hidden')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  server = await createSignalingServer({ port: 0, host: '127.0.0.1', serve: join(folder, 'page') })
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** Asks for exactly this path: unlike `fetch`, without tidying it up. */
function ask(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; type: string | undefined; body: string }>((resolve, reject) => {
    get({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
      let body = ''
      response.on('data', (part) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode!, type: response.headers['content-type'], body }))
    }).on('error', reject)
  })
}

it('serves the page for /, whatever the query, and its files with their types', async () => {
  expect(await ask('/?room=hall')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' })
  expect(await ask('/assets/a.js')).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' })
  expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok\n' })
})

it.each([
  '/nothing',
  '/.hidden',
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/%00',
  '/%',
  '/assets/a.js/b',
])('has nothing at %s, and goes on', async (path) => {
  const { status, body } = await ask(path)
  expect(status).toBeGreaterThanOrEqual(300)
  expect(body).not.toMatch(/secret|hidden/)
  expect((await ask('/')).status).toBe(200)
})

it('survives ranges that make no sense, and files that go away', async () => {
  expect((await ask('/assets/a.js', { range: 'bytes=5-2' })).status).toBe(416)
  expect((await ask('/assets/a.js', { range: 'bytes=900-' })).status).toBe(416)
  await rm(join(folder, 'page', 'assets', 'a.js'))
  expect((await ask('/assets/a.js')).status).toBe(404)
})
