import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { io } from 'socket.io-client'
import { afterEach, expect, it } from 'vitest'
import { createSignalingServer } from '../../signaling/index.ts'

const cli = fileURLToPath(new URL('../../signaling/cli.ts', import.meta.url))
const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let out = ''
  let err = ''
  child.stderr.on('data', (part) => {
    err += part
  })
  const line = new Promise<string>((resolve) => {
    child.stdout.on('data', (part) => {
      out += part
      if (out.includes('\n')) resolve(out)
    })
  })
  const end = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }))
  })
  return { child, line, end }
}

it.each(['SIGTERM', 'SIGINT'] as const)('prints one address, serves there, and ends well on %s', async (signal) => {
  const { child, line, end } = run(
    'signaling',
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--ice-server',
    'stun:stun.example.org',
  )
  const address = /^tutti signaling: (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(await line)?.[1]
  expect(address).toBeDefined()
  expect((await fetch(`${address}/healthz`)).status).toBe(200)
  child.kill(signal)
  expect(await end).toMatchObject({ code: 0, err: '' })
})

it('does without a witness when told so', async () => {
  const { line } = run('signaling', '--port', '0', '--host', '127.0.0.1', '--no-witness')
  const address = (await line).split(': ')[1]!.trim()
  const socket = io(address, {
    auth: { version: 1, peer: 'a', secret: 'a secret of the peer' },
    forceNew: true,
    reconnection: false,
  })
  try {
    const room = new Promise((resolve, reject) => socket.on('room', resolve).on('connect_error', reject))
    socket.emit('enter', { room: 'hall' })
    expect(await room).toEqual({ room: 'hall', peers: [] })
  } finally {
    socket.disconnect()
  }
})

it('says in one line that the port is in use', async () => {
  const server = await createSignalingServer({ port: 0, host: '127.0.0.1' })
  const { end } = run('signaling', '--host', '127.0.0.1', '--port', String(server.port))
  const { code, out, err } = await end
  await server.close()
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^tutti signaling: port \d+ is in use[^\n]*\n$/)
})

it.each([
  [['signaling', '--port', '70000'], /0 to 65535/],
  [['signaling', '--ice-server', 'http://x'], /begin with stun:/],
  [['signaling', '--serve', '/nowhere', '--port', '0'], /index.html does not exist/],
  [['signalling'], /unknown command/],
])('refuses %j', async (args, reason) => {
  const { code, err } = await run(...args).end
  expect(code).toBe(1)
  expect(err).toMatch(reason)
})
