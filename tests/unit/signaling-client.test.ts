import { createServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Lineage, PeerId } from '../../peer/base/ids.ts'
import type { Signaling } from '../../peer/transport/signaling.ts'
import { createSignalingClient } from '../../peer/transport/signaling-client.ts'
import { createSignalingServer } from '../../signaling/index.ts'
import { Recorder } from '../contract/signaling-harness.ts'

const self = 'a' as PeerId
const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function open(url: string, token?: string | (() => Promise<string>)): { client: Signaling; recorder: Recorder } {
  const client = createSignalingClient(url, token === undefined ? {} : { token })
  const recorder = new Recorder()
  ends.push(() => client.close())
  client.open(self, recorder)
  return { client, recorder }
}

/** A server that says what it likes. */
async function hostile(act: (socket: Socket) => void, options: object = {}): Promise<{ url: string; io: Server }> {
  const http = createServer()
  const io = new Server(http, { serveClient: false, ...options })
  io.on('connection', act)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  ends.push(() => io.close())
  return { url: `http://127.0.0.1:${(http.address() as { port: number }).port}`, io }
}

describe('the signaling client', () => {
  it.each(['', 'nonsense', 'ftp://x', 'http://', 'file:///x', 'javascript:alert(1)'])(
    'refuses the address %j',
    (url) => {
      expect(() => createSignalingClient(url)).toThrowError(expect.objectContaining({ code: 'invalid-option' }))
    },
  )

  it('can be closed before it is opened, and while it tries', async () => {
    const early = createSignalingClient('http://127.0.0.1:9')
    ends.push(() => early.close())
    early.close()
    early.open(self, new Recorder())
    expect(() => early.open(self, new Recorder())).toThrowError(expect.objectContaining({ code: 'invalid-option' }))
    const { client, recorder } = open('http://127.0.0.1:9')
    client.close()
    expect(recorder.heard).toEqual([])
  })

  it('says that nobody is there, and goes on trying until somebody is', async () => {
    const first = await createSignalingServer({ port: 0, host: '127.0.0.1' })
    const port = first.port!
    await first.close()
    const { client, recorder } = open(`ws://127.0.0.1:${port}/`)
    client.enter('hall')
    client.announce('hall', { lineage: 'alpha' as Lineage, number: 1 })
    client.signal('hall', 'b' as PeerId, 'lost')
    await recorder.hears(['state', 'unreachable'])
    const server = await createSignalingServer({ port, host: '127.0.0.1', bootGraceMs: 0 })
    ends.push(() => server.close())
    await recorder.hears(['room', 'hall', []])
    expect(recorder.heard.filter(([what]) => what === 'state')).toEqual([
      ['state', 'unreachable'],
      ['state', 'open'],
    ])
    expect(recorder.count(['founder', 'hall'])).toBe(0)
  })

  it('tells the reason of a refusal once, asks for the token again, and gets in when it may', async () => {
    const server = await createSignalingServer({
      port: 0,
      host: '127.0.0.1',
      authorize: (token) => token === 'token 3',
    })
    ends.push(() => server.close())
    let asked = 0
    const { recorder } = open(server.url!, async () => {
      asked += 1
      return `token ${asked}`
    })
    await recorder.hears(['state', 'open'])
    expect(recorder.heard.filter(([what]) => what === 'state' || what === 'refused')).toEqual([
      ['state', 'unreachable'],
      ['refused', 'the token is not accepted', undefined],
      ['state', 'open'],
    ])
  })

  it('tries again when there is no token to be had', async () => {
    const server = await createSignalingServer({ port: 0, host: '127.0.0.1' })
    ends.push(() => server.close())
    let asked = 0
    const { recorder } = open(server.url!, () => {
      asked += 1
      return asked === 1 ? Promise.reject(new Error('logged out')) : Promise.resolve('any')
    })
    await recorder.hears(['state', 'open'])
    expect(recorder.count(['refused', 'no token: logged out', undefined])).toBe(1)
  })

  it('says so when its own part of the page can not be loaded, and tries again', async () => {
    const server = await createSignalingServer({ port: 0, host: '127.0.0.1' })
    ends.push(() => server.close())
    const part = '../../peer/transport/socket-io.ts'
    vi.doMock(part, () => {
      throw new Error('offline')
    })
    ends.push(() => vi.doUnmock(part))
    const { recorder } = open(server.url!)
    await recorder.until(() => recorder.heard.some(([what]) => what === 'refused'), 'the reason')
    vi.doUnmock(part)
    await recorder.hears(['state', 'open'])
    const heard = recorder.heard.filter(([what]) => what === 'state' || what === 'refused')
    expect(heard).toEqual([
      ['state', 'unreachable'],
      ['refused', expect.stringMatching(/can't be loaded .*reload the page/s), undefined],
      ['state', 'open'],
    ])
  })

  it('finds a server behind a path', async () => {
    const { url } = await hostile((socket) => socket.emit('welcome', { iceServers: [] }), {
      path: '/far/away/socket.io/',
    })
    const { recorder } = open(`${url}/far/away/`)
    await recorder.hears(['iceServers', []])
  })

  it('passes on nothing of a hostile server that has the wrong shape or is about another room', async () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 3_000; depth += 1) deep = { deep }
    const { url } = await hostile((socket) => {
      socket.on('rooms', () => {
        for (const event of [
          'welcome',
          'room',
          'entered',
          'left',
          'founder',
          'signal',
          'witness',
          'witness-token',
          'refused',
          'error',
          'nonsense',
        ]) {
          for (const payload of [
            null,
            5,
            'x',
            [],
            {},
            { room: 5 },
            { room: 'hall', peers: 7, peer: [], gone: 1, from: 2, witness: 5, data: 6 },
          ]) {
            if (event !== 'founder') socket.emit(event, payload)
          }
          socket.emit(event)
          const bytes = event === 'witness' ? Uint8Array.of(1) : 1
          const elsewhere = { room: 'elsewhere', peers: [], peer: 'b', gone: true, from: 'b' }
          socket.emit(event, { ...elsewhere, data: bytes, witness: 'token' })
        }
        socket.emit('room', { room: 'hall', peers: [], witness: 'no name' })
        socket.emit('witness-token', { room: 'hall', witness: 'x'.repeat(65) })
        socket.emit('witness-token', { room: 'hall' })
        socket.emit('witness', { room: 'hall', data: new Uint8Array(263_169) })
        socket.emit('witness', { room: 'hall', data: [1, 2] })
        socket.emit('room', { room: 'hall', peers: ['b', 'no name'] })
        socket.emit('welcome', { iceServers: [{ urls: 7 }] })
        socket.emit('refused', { reason: 'x'.repeat(100_000) })
        socket.emit('signal', { room: 'hall', from: 'b', data: deep })
        socket.emit('founder', { room: 'hall' })
      })
    })
    const { client, recorder } = open(url)
    client.enter('hall')
    await recorder.hears(['founder', 'hall'])
    const kinds = recorder.heard.map(([what]) => what)
    expect(kinds).toEqual(['state', 'signal', 'founder'])
  })

  it('hands over what a witness says as bytes, and forgets its token when the connection is lost [PT1, PT5]', async () => {
    const { url } = await hostile((socket) => {
      socket.on('rooms', () => {
        socket.emit('room', { room: 'hall', peers: [], witness: 'first' })
        socket.emit('witness', { room: 'hall', data: Uint8Array.of(1, 2, 3) })
        socket.emit('witness-token', { room: 'hall', witness: 'second' })
      })
      socket.on('witness', () => socket.disconnect(true))
    })
    const { client, recorder } = open(url)
    client.enter('hall')
    client.enter('attic')
    await recorder.hears(['witness', 'hall', 'second'])
    client.askWitness!('hall', Uint8Array.of(4))
    await recorder.hears(['witness', 'attic', undefined])
    expect(recorder.heard.slice(0, 8)).toEqual([
      ['state', 'open'],
      ['witness', 'hall', 'first'],
      ['room', 'hall', []],
      ['witnessAnswer', 'hall', { kind: 'invalid', why: 'witness: unknown kind' }],
      ['witness', 'hall', 'second'],
      ['state', 'unreachable'],
      ['witness', 'hall', undefined],
      ['witness', 'attic', undefined],
    ])
  })

  it('tells those nothing of a witness that do not ask for it', async () => {
    const { url } = await hostile((socket) => {
      socket.on('rooms', () => {
        socket.emit('room', { room: 'hall', peers: [], witness: 'first' })
        socket.emit('witness', { room: 'hall', data: Uint8Array.of(1) })
        socket.emit('witness-token', { room: 'hall', witness: 'second' })
        socket.emit('founder', { room: 'hall' })
      })
      socket.on('leave', () => socket.disconnect(true))
    })
    const client = createSignalingClient(url)
    ends.push(() => client.close())
    const recorder = new Recorder()
    const { state, room, entered, left, founder, signal, iceServers, refused } = recorder
    client.open(self, { state, room, entered, left, founder, signal, iceServers, refused })
    client.enter('hall')
    await recorder.hears(['founder', 'hall'])
    client.leave('hall')
    await recorder.hears(['state', 'unreachable'])
    expect(recorder.heard.map(([what]) => what)).toEqual(['state', 'room', 'founder', 'state'])
  })

  it.each([
    ['ends the connection', (socket: Socket) => socket.disconnect(true)],
    ['sends what is no packet', (socket: Socket) => socket.conn.write('4nonsense')],
    ['closes the line', (socket: Socket) => socket.conn.close()],
  ])('comes back when the server %s', async (_, act) => {
    let times = 0
    const { url } = await hostile((socket) => {
      times += 1
      if (times === 1) socket.on('rooms', () => act(socket))
      else socket.emit('welcome', { iceServers: [] })
    })
    const { recorder } = open(url)
    await recorder.hears(['iceServers', []])
    expect(recorder.heard.map((heard) => heard[1])).toEqual(['open', 'unreachable', 'open', []])
  })
})
