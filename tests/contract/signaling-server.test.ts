import { createServer } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lineage } from '../../peer/base/ids.ts'
import { decodeWitnessAnswer, encodeWitnessRequest, type WitnessRequest } from '../../peer/wire/witness.ts'
import { createSignalingServer, type SignalingServer, type SignalingServerOptions } from '../../signaling/index.ts'

const secret = 'a secret of the peer'
const sockets: Socket[] = []
let server: SignalingServer

const begin = async (options: SignalingServerOptions = {}) => {
  await server?.close()
  server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0, ...options })
}

beforeEach(() => begin())

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect()
  await server.close()
})

/** A bare connection, which says what it likes. */
function raw(auth: unknown, options: Partial<ManagerOptions & SocketOptions> = {}): Socket {
  const settings = { auth: auth as object, forceNew: true, reconnection: false, transports: ['websocket'], ...options }
  const socket = io(server.url!, settings)
  sockets.push(socket)
  return socket
}

const hello = (peer: string, more: object = {}) => ({ version: 1, peer, secret, ...more })

async function connected(peer: string, more: object = {}, options = {}): Promise<Socket> {
  const socket = raw(hello(peer, more), options)
  await next(socket, 'connect')
  return socket
}

const next = (socket: Socket, event: string): Promise<never> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within 5 s`)), 5_000)
    socket.once(event, (message) => {
      clearTimeout(timer)
      resolve(message as never)
    })
  })

const refusal = async (auth: unknown): Promise<string> => ((await next(raw(auth), 'connect_error')) as Error).message

const ask = (socket: Socket, event: string, ...payload: unknown[]): Promise<{ ok: boolean; reason?: string }> =>
  socket.timeout(5_000).emitWithAck(event, ...payload)

/** The server still does its work. */
async function goesOn(): Promise<void> {
  const a = await connected('check-a')
  const b = await connected('check-b')
  expect(await ask(a, 'enter', { room: 'check' })).toEqual({ ok: true })
  expect(await ask(b, 'enter', { room: 'check' })).toEqual({ ok: true })
  const heard = next(b, 'signal')
  expect(await ask(a, 'signal', { room: 'check', to: 'check-b', data: { fine: true } })).toEqual({ ok: true })
  expect(await heard).toEqual({ room: 'check', from: 'check-a', data: { fine: true } })
}

describe('the handshake', () => {
  it.each([
    ['nothing', undefined, /hello/],
    ['no secret', { version: 1, peer: 'a' }, /secret/],
    ['a short secret', { version: 1, peer: 'a', secret: 'x' }, /secret must have at least 16/],
    ['a peer id with a space', { version: 1, peer: 'a b', secret }, /peer must be 1 to 64/],
    ['a peer id that is too long', { version: 1, peer: 'x'.repeat(65), secret }, /peer must be 1 to 64/],
    ['a peer id that is an object', { version: 1, peer: { toString: 1 }, secret }, /peer must be a string/],
    ['another version', { version: 2, peer: 'a', secret }, /version 1/],
    ['a token that is no string', { version: 1, peer: 'a', secret, token: 5 }, /token must be a string/],
  ])('is refused with %s, and a reason', async (_, auth, reason) => {
    expect(await refusal(auth)).toMatch(reason)
    await goesOn()
  })

  it('lets nobody in under the id of another', async () => {
    const owner = await connected('a')
    expect(await ask(owner, 'enter', { room: 'hall' })).toEqual({ ok: true })
    expect(await refusal(hello('a', { secret: 'the secret of another' }))).toMatch(/belongs to somebody else/)
    owner.disconnect()
    expect(await refusal(hello('a', { secret: 'the secret of another' }))).toMatch(/belongs to somebody else/)
    await connected('a')
  })

  it('puts a second connection with the id and its secret in the place of the first', async () => {
    const first = await connected('a')
    const other = await connected('b')
    await ask(first, 'enter', { room: 'hall' })
    await ask(other, 'enter', { room: 'hall' })
    const ended = next(first, 'disconnect')
    const told: string[] = []
    other.onAny((event: string) => told.push(event))
    const second = await connected('a')
    await ended
    const room = next(second, 'room')
    expect(await ask(second, 'rooms', { rooms: [{ room: 'hall' }] })).toEqual({ ok: true })
    expect(await room).toMatchObject({ room: 'hall', peers: ['b'] })
    const heard = next(second, 'signal')
    await ask(other, 'signal', { room: 'hall', to: 'a', data: 1 })
    expect(await heard).toEqual({ room: 'hall', from: 'b', data: 1 })
    expect(told).toEqual([])
  })

  it('asks `authorize`, and survives it', async () => {
    const errors: unknown[] = []
    const authorize = (token: string | undefined) => {
      if (token === 'broken') throw new Error('no database')
      return Promise.resolve(token === 'good')
    }
    await begin({ authorize, onError: (error) => errors.push(error) })
    await connected('a', { token: 'good' })
    expect(await refusal(hello('b', { token: 'bad' }))).toMatch(/not accepted/)
    expect(await refusal(hello('b'))).toMatch(/asks for a token/)
    expect(await refusal(hello('b', { token: 'broken' }))).toMatch(/could not check/)
    expect(errors).toEqual([new Error('no database')])
  })
})

describe('a request', () => {
  const deep = () => {
    let value: unknown = 1
    for (let depth = 0; depth < 2_000; depth += 1) value = [value]
    return value
  }

  it.each([
    ['of an unknown name', 'explode', { room: 'hall' }, /no such request/],
    ['named error', 'error', { room: 'hall' }, /no such request/],
    ['named __proto__', '__proto__', { room: 'hall' }, /no such request/],
    ['with null', 'enter', null, /must be an object/],
    ['with a number', 'enter', 17, /must be an object/],
    ['with bytes', 'enter', new Uint8Array([1, 2, 3]), /room/],
    ['with a list', 'enter', [], /room/],
    ['with an empty room', 'enter', { room: '' }, /room must not be empty/],
    ['with a long room', 'enter', { room: 'x'.repeat(129) }, /room must have at most 128/],
    ['with a room of bytes', 'enter', { room: new Uint8Array([1]) }, /room must be a string/],
    [
      'with a standing that is none',
      'announce',
      { room: 'hall', standing: { lineage: 'x y', number: 1 } },
      /standing.lineage/,
    ],
    [
      'with a number of a view that is none',
      'announce',
      { room: 'hall', standing: { lineage: 'x', number: -1.5 } },
      /standing.number/,
    ],
    ['to announce elsewhere', 'announce', { room: 'elsewhere' }, /not in the room/],
    ['with rooms that are no list', 'rooms', { rooms: {} }, /rooms must be a list/],
    ['with a bad room in a list', 'rooms', { rooms: [{ room: 'hall' }, { room: 5 }] }, /rooms.1.room must be a string/],
    ['to signal elsewhere', 'signal', { room: 'elsewhere', to: 'b', data: 1 }, /not in the room/],
    ['to signal nobody', 'signal', { room: 'hall', to: 'nobody', data: 1 }, /no such peer/],
    ['to signal without data', 'signal', { room: 'hall', to: 'b' }, /data/],
    ['to signal bytes', 'signal', { room: 'hall', to: 'b', data: { x: new Uint8Array(8) } }, /plain JSON/],
    ['to signal too much', 'signal', { room: 'hall', to: 'b', data: 'x'.repeat(66_000) }, /at most 65536 bytes/],
    [
      'to signal too much in few characters',
      'signal',
      { room: 'hall', to: 'b', data: '\u20ac'.repeat(30_000) },
      /65536/,
    ],
    ['to signal something deep', 'signal', { room: 'hall', to: 'b', data: deep() }, /plain JSON/],
    ['to a witness elsewhere', 'witness', { room: 'elsewhere', data: new Uint8Array(3) }, /not in the room/],
    ['to a witness without data', 'witness', { room: 'hall' }, /witness: data/],
    ['to a witness in text', 'witness', { room: 'hall', data: 'vote!' }, /data must be bytes/],
    ['to a witness in a list', 'witness', { room: 'hall', data: [1, 2, 3] }, /data must be bytes/],
    ['to a witness that is none', 'witness', { room: 'hall', data: new Uint8Array([9, 9]) }, /another version/],
    ['to a witness that is empty', 'witness', { room: 'hall', data: new Uint8Array() }, /cut short/],
    ['to a witness in too many bytes', 'witness', { room: 'hall', data: new Uint8Array(263_169) }, /at most 263168/],
  ])('%s is refused with a reason', async (_, event, payload, reason) => {
    const socket = await connected('a')
    const b = await connected('b')
    await ask(socket, 'enter', { room: 'hall' })
    await ask(b, 'enter', { room: 'hall' })
    const told: unknown[] = []
    b.onAny((...heard: unknown[]) => told.push(heard))
    const answer = await ask(socket, event, payload)
    expect(answer.reason).toMatch(reason)
    await goesOn()
    expect(told).toEqual([])
    expect(socket.connected).toBe(true)
  })

  it('to signal a peer of another room reaches nobody', async () => {
    const a = await connected('a')
    const b = await connected('b')
    await ask(a, 'enter', { room: 'hall' })
    await ask(b, 'enter', { room: 'attic' })
    const told: unknown[] = []
    b.onAny((...heard: unknown[]) => told.push(heard))
    expect((await ask(a, 'signal', { room: 'hall', to: 'b', data: 1 })).reason).toMatch(/no such peer in the room/)
    expect((await ask(a, 'signal', { room: 'attic', to: 'b', data: 2 })).reason).toMatch(/not in the room/)
    expect(await ask(b, 'leave', { room: 'attic' })).toEqual({ ok: true })
    expect(told).toEqual([])
  })

  it('without an acknowledgement is refused by an event', async () => {
    const socket = await connected('a')
    const refused = next(socket, 'refused')
    socket.emit('enter', { room: 5 })
    expect(await refused).toEqual({ reason: 'enter: room must be a string' })
  })

  it.each([[[]], [[{ room: 'a' }, { room: 'b' }]]])('holds one payload, not %j', async (payload) => {
    const socket = await connected('a')
    expect(await ask(socket, 'enter', ...payload)).toEqual({ ok: false, reason: 'a request holds one payload' })
  })

  it.each([
    ['text', 'garbage'],
    ['an event without a name', '42[]'],
    ['an event with a name that is none', '42[{}]'],
    ['a reserved name', '42["disconnect"]'],
    ['an answer that nobody waits for', '43999[1]'],
    ['bytes that were announced and did not come', '451-["enter",{"_placeholder":true,"num":7}]'],
    ['a very deep list', `42["enter",${'['.repeat(50_000)}${']'.repeat(50_000)}]`],
    ['more than a frame may hold', `42["enter","${'x'.repeat(2_000_000)}"]`],
  ])('that is %s hurts only its own connection', async (_, packet) => {
    const socket = await connected('a')
    const engine = socket.io.engine as unknown as { transport: { ws: { send(data: string): void } } }
    engine.transport.ws.send(packet)
    engine.transport.ws.send(new Uint8Array([0, 255, 1, 254]) as never)
    await goesOn()
  })

  it('that comes too often is refused, and later ones are not', async () => {
    await begin({ limits: { requestsAtOnce: 5, requestsPerSecond: 100 } })
    const socket = await connected('a')
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(socket, 'enter', { room: 'hall' })))
    expect(answers[0]).toEqual({ ok: true })
    expect(answers[19]!.reason).toMatch(/slow down/)
    await expect.poll(() => ask(socket, 'enter', { room: 'hall' }), { timeout: 5_000 }).toEqual({ ok: true })
  })

  it('to signal too many bytes in a short time is refused, however few requests they are', async () => {
    await begin({ limits: { signalBytesAtOnce: 100, signalBytesPerSecond: 1 } })
    const a = await connected('a')
    await ask(a, 'enter', { room: 'hall' })
    const signal = () => ask(a, 'signal', { room: 'hall', to: 'a', data: 'x'.repeat(58) })
    expect(await signal()).toEqual({ ok: true })
    expect(await signal()).toEqual({ ok: false, reason: 'signal: too many bytes at once, slow down' })
  })

  it('to a witness counts with its answer, which may be the larger one', async () => {
    await begin({ limits: { signalBytesAtOnce: 3_000, signalBytesPerSecond: 1 } })
    const a = await connected('a')
    const room = next(a, 'room') as Promise<{ witness: string }>
    await ask(a, 'enter', { room: 'hall' })
    const { witness: token } = await room
    const at = { lineage: 'alpha' as Lineage, number: 1, token, ballot: 1 }
    const vote = (request: WitnessRequest) => ask(a, 'witness', { room: 'hall', data: encodeWitnessRequest(request) })
    expect(await vote({ kind: 'accept', ...at, value: new Uint8Array(1_000) })).toEqual({ ok: true })
    expect(await vote({ kind: 'prepare', ...at })).toEqual({ ok: true })
    const slowDown = { ok: false, reason: 'witness: too many bytes at once, slow down' }
    expect(await vote({ kind: 'prepare', ...at })).toEqual(slowDown)
    expect(await vote({ kind: 'accept', ...at, value: new Uint8Array(1_000) })).toEqual(slowDown)
  })

  it('for one room or one place too many is refused', async () => {
    await begin({ limits: { roomsPerPeer: 2, peersPerRoom: 1 } })
    const a = await connected('a')
    const b = await connected('b')
    expect(await ask(a, 'rooms', { rooms: [{ room: '1' }, { room: '2' }, { room: '3' }] })).toEqual({
      ok: false,
      reason: 'a peer is in at most 2 rooms',
    })
    expect(await ask(b, 'enter', { room: '1' })).toEqual({ ok: false, reason: 'the room is full: it holds 1 peers' })
    expect(await ask(a, 'leave', { room: '1' })).toEqual({ ok: true })
    expect(await ask(b, 'enter', { room: '1' })).toEqual({ ok: true })
  })
})

describe('the witness', () => {
  const request = encodeWitnessRequest({
    kind: 'prepare',
    lineage: 'alpha' as Lineage,
    number: 1,
    token: undefined,
    ballot: 1,
  })

  it('is told with the room, and answers in bytes, by WebSocket and by polling [PT1]', async () => {
    for (const transport of ['websocket', 'polling']) {
      const socket = await connected(`a-${transport}`, {}, { transports: [transport] })
      const room = next(socket, 'room') as Promise<{ witness: string }>
      await ask(socket, 'enter', { room: 'hall' })
      const { witness: token } = await room
      const heard = next(socket, 'witness') as Promise<{ room: string; data: Uint8Array }>
      expect(await ask(socket, 'witness', { room: 'hall', data: request })).toEqual({ ok: true })
      const { room: name, data } = await heard
      expect(name).toBe('hall')
      expect(decodeWitnessAnswer(data)).toMatchObject({ kind: 'promise', votes: false, token })
      socket.disconnect()
    }
  })
})

describe('the server', () => {
  it('tells a goodbye from a lost connection', async () => {
    const stays = await connected('stays')
    await ask(stays, 'enter', { room: 'hall' })
    const leaver = await connected('leaver')
    await ask(leaver, 'enter', { room: 'hall' })
    const left = next(stays, 'left')
    leaver.disconnect()
    expect(await left).toEqual({ room: 'hall', peer: 'leaver', gone: false })
    const vanisher = await connected('vanisher')
    await ask(vanisher, 'enter', { room: 'hall' })
    const vanished = next(stays, 'left')
    vanisher.io.engine.close()
    expect(await vanished).toEqual({ room: 'hall', peer: 'vanisher', gone: true })
  })

  it('hands out its ICE servers, and works by polling too', async () => {
    const iceServers = [{ urls: ['stun:stun.example.org'] }, { urls: 'turn:x', username: 'u', credential: 'c' }]
    await begin({ iceServers })
    const socket = raw(hello('a'), { transports: ['polling'] })
    expect(await next(socket, 'welcome')).toEqual({ iceServers })
  })

  it('answers plain requests, and hurts nobody who sends none', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${server.url}/`)).status).toBe(404)
    expect((await fetch(`${server.url}/healthz`, { method: 'POST' })).status).toBe(405)
    const socket = connectTcp(server.port!, '127.0.0.1')
    socket.end('\0\u0001 nonsense\r\n\r\n')
    await new Promise((resolve) => socket.on('close', resolve).on('error', resolve).resume())
    await goesOn()
  })

  it('is reached from pages of any origin', async () => {
    const response = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: 'https://elsewhere.example' },
    })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  it('attaches to a server of yours, and lets it go on', async () => {
    const http = createServer((_, response) => response.end('mine'))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    await server.close()
    server = await createSignalingServer({ server: http, bootGraceMs: 0 })
    const address = `http://127.0.0.1:${server.port}`
    const socket = io(address, { auth: hello('a'), forceNew: true, reconnection: false, transports: ['websocket'] })
    sockets.push(socket)
    await next(socket, 'connect')
    expect(await (await fetch(`${address}/healthz`)).text()).toBe('mine')
    const ended = next(socket, 'disconnect')
    await server.close()
    await ended
    expect(await (await fetch(`${address}/socket.io/`)).text()).toBe('mine')
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  })

  it('is ready when the grace is over, or when it is closed before', async () => {
    await begin({ bootGraceMs: 50 })
    await server.ready
    await begin({ bootGraceMs: 100_000 })
    await server.close()
    await server.ready
  })

  it.each([
    ['a port that is none', { port: 70_000 }, /port must be 0 to 65535/],
    ['a port as text', { port: '80' }, /port must be a number/],
    ['an option that is none', { prot: 80 }, /prot is not an option/],
    ['a limit that is none', { limits: { rooms: 1 } }, /limits.rooms is not an option/],
    ['a limit below one', { limits: { roomsPerPeer: 0 } }, /limits.roomsPerPeer must be >= 1/],
    ['an endless grace', { bootGraceMs: Number.POSITIVE_INFINITY }, /bootGraceMs/],
    ['a folder without a page', { serve: '/nowhere' }, /index.html does not exist/],
    ['ICE servers that are none', { iceServers: ['stun:x'] }, /iceServers.0 must be/],
    ['an authorize that is none', { authorize: true }, /authorize must be a function/],
    ['a witness that is none', { witness: 'yes' }, /witness must be true or false/],
    ['a server that is none', { server: {} }, /server must be a server/],
    ['a server and a port', { server: createServer(), port: 1 }, /the server is yours/],
    ['nothing like options', 5, /options must be an object/],
  ])('is not started with %s', async (_, options, reason) => {
    await expect(createSignalingServer(options as SignalingServerOptions)).rejects.toThrowError(reason)
  })

  it('says so when the port is in use, or the host is not here', async () => {
    const again = createSignalingServer({ port: server.port!, host: '127.0.0.1' })
    await expect(again).rejects.toThrowError(`port ${server.port} is in use`)
    await expect(createSignalingServer({ port: 0, host: '192.0.2.1' })).rejects.toThrowError(
      /no address of this machine/,
    )
  })
})
