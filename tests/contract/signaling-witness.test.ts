import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lineage, PeerId } from '../../peer/base/ids.ts'
import type { Signaling } from '../../peer/transport/signaling.ts'
import {
  encodeWitnessAnswer,
  encodeWitnessRequest,
  type WitnessAnswer,
  type WitnessRequest,
} from '../../peer/wire/witness.ts'
import { type Harness, type HarnessOptions, loopbackHarness, Recorder, serverHarness } from './signaling-harness.ts'

const alpha = 'alpha' as Lineage
const value = Uint8Array.of(7, 0, 255)

interface Peer {
  id: PeerId
  signaling: Signaling
  recorder: Recorder
}

describe.each([
  ['loopback', loopbackHarness],
  ['server and client', serverHarness],
])('the witness by %s', (_, start) => {
  let harness: Harness
  let peers: Peer[]

  const begin = async (options: Partial<HarnessOptions>) => {
    await harness?.close()
    harness = await start({ bootGraceMs: 0, founderGraceMs: 60_000, ...options })
  }

  beforeEach(async () => {
    peers = []
    await begin({})
  })

  afterEach(async () => {
    for (const { signaling } of peers) signaling.close()
    await harness.close()
  })

  const openPeer = async (name: string): Promise<Peer> => {
    const id = name as PeerId
    const peer = { id, signaling: await harness.connect(id), recorder: new Recorder() }
    peers.push(peer)
    peer.signaling.open(id, peer.recorder)
    await peer.recorder.hears(['state', 'open'])
    return peer
  }

  const heardOf = ({ recorder }: Peer, what: string) => recorder.heard.filter(([kind]) => kind === what)

  const enter = async (peer: Peer, room: string): Promise<string | undefined> => {
    const before = heardOf(peer, 'room').length
    peer.signaling.enter(room)
    await peer.recorder.until(() => heardOf(peer, 'room').length > before, `the room ${room}`)
    return tokenOf(peer, room)
  }

  const inHall = async (...names: string[]): Promise<Peer[]> => {
    const entered: Peer[] = []
    for (const name of names) {
      const peer = await openPeer(name)
      await enter(peer, 'hall')
      entered.push(peer)
    }
    return entered
  }

  /** What the peer was last told of the room's witness. */
  const tokenOf = (peer: Peer, room = 'hall'): string | undefined =>
    heardOf(peer, 'witness').findLast((heard) => heard[1] === room)?.[2] as string | undefined

  const ask = async (peer: Peer, request: WitnessRequest, room = 'hall') => {
    const before = heardOf(peer, 'witnessAnswer').length
    peer.signaling.askWitness!(room, encodeWitnessRequest(request))
    await peer.recorder.until(() => heardOf(peer, 'witnessAnswer').length > before, 'an answer of the witness')
    return heardOf(peer, 'witnessAnswer').at(-1)![2] as WitnessAnswer
  }

  const prepare = (peer: Peer, ballot: number, token = tokenOf(peer), lineage = alpha) =>
    ask(peer, { kind: 'prepare', lineage, number: 3, token, ballot })

  const accept = (peer: Peer, ballot: number, token = tokenOf(peer)!) =>
    ask(peer, { kind: 'accept', lineage: alpha, number: 3, token, ballot, value })

  /** Whatever was told to a peer before is heard when this resolves. */
  const settled = (peer: Peer) => prepare(peer, 1, 'no-token')

  it('tells all in a room one token, before the room and before a founder is named [PT1]', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    await a.recorder.hears(['founder', 'hall'])
    expect(a.recorder.heard.map(([kind]) => kind).slice(0, 5)).toEqual([
      'state',
      'iceServers',
      'witness',
      'room',
      'founder',
    ])
    expect(tokenOf(a)).toMatch(/^[A-Za-z0-9._~-]{1,64}$/)
    expect(tokenOf(b)).toBe(tokenOf(a))
    expect(await enter(b, 'attic')).not.toBe(tokenOf(a))
  })

  it('hands on requests of those in the room, and answers to whoever asked [PT1]', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    const token = tokenOf(a)!
    const at = { lineage: alpha, number: 3, token }
    expect(await prepare(a, 9)).toEqual({ kind: 'promise', ...at, ballot: 9, votes: true, accepted: undefined })
    expect(await accept(a, 9)).toEqual({ kind: 'accepted', ...at, ballot: 9 })
    expect(heardOf(b, 'witnessAnswer')).toEqual([])
    const promise = { kind: 'promise', ...at, ballot: 12, votes: true, accepted: { ballot: 9, value } }
    expect(await prepare(b, 12)).toEqual(promise)
    expect(await accept(a, 9)).toEqual({ kind: 'nack', ...at, ballot: 9, promised: 12 })
    const unmarked = await ask(b, { kind: 'prepare', lineage: alpha, number: 4, token: undefined, ballot: 1 })
    expect(unmarked).toMatchObject({ kind: 'promise', votes: false, token })
  })

  it('carries a value as large as it takes, and says what is too large for it', async () => {
    const [a] = (await inHall('a')) as [Peer]
    const request = { kind: 'accept', lineage: alpha, number: 3, token: tokenOf(a)!, ballot: 9 } as const
    const large = new Uint8Array(256 * 1024).fill(5)
    expect(await ask(a, { ...request, value: large })).toMatchObject({ kind: 'accepted' })
    expect(await ask(a, { ...request, ballot: 10, value: new Uint8Array(256 * 1024 + 1) })).toMatchObject({
      kind: 'nack',
    })
    const promise = await prepare(a, 11)
    expect(promise.kind === 'promise' && promise.accepted?.ballot === 9).toBe(true)
    expect(promise.kind === 'promise' && Buffer.compare(promise.accepted!.value, large)).toBe(0)
    a.signaling.askWitness!('hall', new Uint8Array(10_000_000))
    await a.recorder.until(() => heardOf(a, 'refused').length > 0, 'a refusal')
    expect(heardOf(a, 'refused')[0]![1]).toMatch(/at most 263168 bytes/)
    expect(await prepare(a, 12)).toMatchObject({ votes: true })
    expect(heardOf(a, 'state')).toEqual([['state', 'open']])
  })

  it('refuses nonsense, and goes on', async () => {
    const [a] = (await inHall('a')) as [Peer]
    const answer = encodeWitnessAnswer({ kind: 'past', lineage: alpha, number: 1, ballot: 1, token: 'x' })
    for (const bytes of [new Uint8Array(), Uint8Array.of(1, 2, 3), answer]) a.signaling.askWitness!('hall', bytes)
    await a.recorder.until(() => heardOf(a, 'refused').length === 3, 'three refusals')
    for (const [, reason] of heardOf(a, 'refused')) expect(reason).toMatch(/^witness: /)
    expect(await prepare(a, 9)).toMatchObject({ votes: true })
    expect(heardOf(a, 'witnessAnswer')).toHaveLength(1)
  })

  it('tells everybody in the room when it had to forget [PT5]', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    const first = tokenOf(a)
    await accept(a, 9)
    for (let count = 1; count < 16; count += 1) {
      expect(await prepare(a, 1, first, `l${count}` as Lineage)).toMatchObject({ votes: true })
    }
    const late = await prepare(b, 1, first, 'one-too-many' as Lineage)
    await settled(a)
    expect(tokenOf(a)).not.toBe(first)
    expect(tokenOf(b)).toBe(tokenOf(a))
    expect(late).toMatchObject({ kind: 'promise', votes: false, token: tokenOf(a) })
    expect(await prepare(a, 9, first)).toMatchObject({ votes: false })
    expect(await prepare(a, 9)).toMatchObject({ votes: true, accepted: undefined })
  })

  it('has another token for a room that was empty [PT5]', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    const first = tokenOf(a)
    await accept(a, 9)
    a.signaling.leave('hall')
    await b.recorder.hears(['left', 'hall', 'a', false])
    expect(await enter(a, 'hall')).toBe(first)
    b.signaling.leave('hall')
    await a.recorder.hears(['left', 'hall', 'b', false])
    a.signaling.leave('hall')
    expect(await enter(a, 'hall')).not.toBe(first)
    expect(await prepare(a, 9, first)).toMatchObject({ votes: false, accepted: undefined, token: tokenOf(a) })
  })

  it('is gone for one whose connection is lost, and the same when that one comes back [PT5]', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    const token = tokenOf(a)
    await accept(a, 9)
    harness.cut(a.id)
    await a.recorder.hears(['state', 'unreachable'])
    await a.recorder.hears(['witness', 'hall', undefined])
    expect(tokenOf(b)).toBe(token)
    a.signaling.askWitness!(
      'hall',
      encodeWitnessRequest({ kind: 'prepare', ...{ lineage: alpha, number: 3, token, ballot: 10 } }),
    )
    await b.recorder.hears(['left', 'hall', 'a', true])
    harness.mend(a.id)
    await a.recorder.hears(['room', 'hall', ['b']])
    expect(tokenOf(a)).toBe(token)
    expect(await prepare(a, 9)).toMatchObject({ votes: true, accepted: { ballot: 9, value } })
    expect(heardOf(a, 'witnessAnswer')).toHaveLength(2)
  })

  it('has another token after a restart of the server, and gives no vote under the old one [PT1, PT5]', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    const first = tokenOf(a)!
    await accept(a, 9)
    await harness.restart()
    for (const peer of [a, b]) {
      await peer.recorder.hears(['witness', 'hall', undefined])
      await peer.recorder.hears(['state', 'open'], 2)
      await peer.recorder.until(() => tokenOf(peer) !== undefined, 'a token')
    }
    expect(tokenOf(a)).not.toBe(first)
    expect(tokenOf(b)).toBe(tokenOf(a))
    expect(await prepare(b, 9, first)).toMatchObject({ votes: false, accepted: undefined, token: tokenOf(a) })
    expect(await accept(a, 9, first)).toMatchObject({ kind: 'nack', token: tokenOf(a) })
  })

  it('is not there when it is not wanted, and nothing else is missing [PT5]', async () => {
    await begin({ witness: false })
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    await a.recorder.hears(['founder', 'hall'])
    expect(heardOf(a, 'witness')).toEqual([['witness', 'hall', undefined]])
    a.signaling.askWitness!(
      'hall',
      encodeWitnessRequest({ kind: 'prepare', lineage: alpha, number: 1, token: 'x', ballot: 1 }),
    )
    a.signaling.signal('hall', b.id, 'hello')
    await b.recorder.hears(['signal', 'a', 'hello'])
    expect(heardOf(a, 'witnessAnswer')).toEqual([])
  })

  it('says nothing to one who has left the room, or was never in it', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    const token = tokenOf(a)
    const request = encodeWitnessRequest({ kind: 'accept', lineage: alpha, number: 3, token: token!, ballot: 9, value })
    b.signaling.leave('hall')
    b.signaling.askWitness!('hall', request)
    b.signaling.askWitness!('attic', request)
    await enter(b, 'attic')
    expect(await prepare(a, 12)).toMatchObject({ votes: true, accepted: undefined })
    expect(heardOf(b, 'witnessAnswer')).toEqual([])
  })
})
