import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lineage, PeerId } from '../../peer/base/ids.ts'
import type { Signaling } from '../../peer/transport/signaling.ts'
import { type Harness, loopbackHarness, Recorder, serverHarness } from './signaling-harness.ts'

const standing = { lineage: 'alpha' as Lineage, number: 3 }

interface Peer {
  id: PeerId
  signaling: Signaling
  recorder: Recorder
}

describe.each([
  ['loopback', loopbackHarness],
  ['server and client', serverHarness],
])('signaling by %s', (_, start) => {
  let harness: Harness
  let peers: Peer[]

  const begin = async (graces: { bootGraceMs?: number; founderGraceMs?: number }) => {
    await harness?.close()
    harness = await start({ bootGraceMs: 0, founderGraceMs: 60_000, ...graces })
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

  /** Opens peers that enter `hall` in the order given. */
  const inHall = async (...names: string[]): Promise<Peer[]> => {
    const entered: Peer[] = []
    for (const name of names) {
      const peer = await openPeer(name)
      peer.signaling.enter('hall')
      await peer.recorder.until(() => peer.recorder.heard.some(([what]) => what === 'room'), 'the room')
      entered.push(peer)
    }
    return entered
  }

  let rounds = 0
  /** Everything that was told to `to` before is heard when this resolves. */
  const roundTrip = async (from: Peer, to: Peer): Promise<void> => {
    rounds += 1
    from.signaling.signal('hall', to.id, { round: rounds })
    await to.recorder.hears(['signal', from.id, { round: rounds }])
  }

  /** The graces that run are over when a lone peer of another room is named founder. */
  const foundersAreNamed = async (): Promise<void> => {
    const canary = await openPeer(`canary${peers.length}`)
    canary.signaling.enter('mine')
    await canary.recorder.hears(['founder', 'mine'])
  }

  it('tells who is there in order of arrival, and who enters', async () => {
    const [a, b, c] = (await inHall('a', 'b', 'c')) as [Peer, Peer, Peer]
    expect(a.recorder.count(['room', 'hall', []])).toBe(1)
    expect(b.recorder.count(['room', 'hall', ['a']])).toBe(1)
    expect(c.recorder.count(['room', 'hall', ['a', 'b']])).toBe(1)
    await a.recorder.hears(['entered', 'hall', 'b'])
    await a.recorder.hears(['entered', 'hall', 'c'])
    await b.recorder.hears(['entered', 'hall', 'c'])
  })

  it('names the first of an empty room founder, and only that one', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    await a.recorder.hears(['founder', 'hall'])
    await roundTrip(a, b)
    expect(b.recorder.count(['founder', 'hall'])).toBe(0)
  })

  it('names the next when the founder leaves, and the next when that one vanishes', async () => {
    const [a, b, c] = (await inHall('a', 'b', 'c')) as [Peer, Peer, Peer]
    await a.recorder.hears(['founder', 'hall'])
    a.signaling.leave('hall')
    await b.recorder.hears(['founder', 'hall'])
    await b.recorder.hears(['left', 'hall', 'a', false])
    harness.cut(b.id)
    await c.recorder.hears(['founder', 'hall'])
    await c.recorder.hears(['left', 'hall', 'b', true])
    await b.recorder.hears(['state', 'unreachable'])
  })

  it('names nobody while somebody has announced a lineage, and the next at once when the last of them leaves', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    await a.recorder.hears(['founder', 'hall'])
    a.signaling.announce('hall', standing)
    await roundTrip(a, b)
    const [c] = (await inHall('c')) as [Peer]
    await roundTrip(b, c)
    expect(b.recorder.count(['founder', 'hall']) + c.recorder.count(['founder', 'hall'])).toBe(0)
    a.signaling.close()
    await b.recorder.hears(['left', 'hall', 'a', false])
    await b.recorder.hears(['founder', 'hall'])
  })

  it('names the first in order when the last announcement is withdrawn', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    await a.recorder.hears(['founder', 'hall'])
    b.signaling.announce('hall', standing)
    await roundTrip(b, a)
    b.signaling.announce('hall', undefined)
    await a.recorder.hears(['founder', 'hall'], 2)
  })

  it('waits for the last member that vanished before it names another founder', async () => {
    await begin({ founderGraceMs: 1_000 })
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    a.signaling.announce('hall', standing)
    await roundTrip(a, b)
    harness.cut(a.id)
    await b.recorder.hears(['left', 'hall', 'a', true])
    expect(b.recorder.count(['founder', 'hall'])).toBe(0)
    await b.recorder.hears(['founder', 'hall'])
  })

  it('names nobody when the member that vanished comes back in time', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    await a.recorder.hears(['founder', 'hall'])
    a.signaling.announce('hall', standing)
    await roundTrip(a, b)
    harness.cut(a.id)
    await a.recorder.hears(['state', 'unreachable'])
    await b.recorder.hears(['left', 'hall', 'a', true])
    harness.mend(a.id)
    await a.recorder.hears(['room', 'hall', ['b']])
    await a.recorder.hears(['state', 'open'], 2)
    await roundTrip(a, b)
    expect(b.recorder.count(['founder', 'hall'])).toBe(0)
    expect(a.recorder.count(['founder', 'hall'])).toBe(1)
  })

  it('brings everybody back after a restart of the server, and names no second founder', async () => {
    await begin({ bootGraceMs: 2_000 })
    const [a, b, c] = (await inHall('a', 'b', 'c')) as [Peer, Peer, Peer]
    await a.recorder.hears(['founder', 'hall'])
    for (const { signaling } of [b, c]) signaling.announce('hall', standing)
    await roundTrip(b, a)
    await roundTrip(c, a)
    await harness.restart()
    for (const { recorder } of [a, b, c]) {
      await recorder.hears(['state', 'unreachable'])
      await recorder.hears(['state', 'open'], 2)
    }
    await foundersAreNamed()
    await roundTrip(a, b)
    await roundTrip(b, c)
    await roundTrip(c, a)
    for (const [peer, times] of [
      [a, 1],
      [b, 0],
      [c, 0],
    ] as const) {
      expect(peer.recorder.count(['founder', 'hall'])).toBe(times)
    }
  })

  it('enters what was asked for while the server was away, and forgets what was left', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    harness.cut(a.id)
    await a.recorder.hears(['state', 'unreachable'])
    await b.recorder.hears(['left', 'hall', 'a', true])
    a.signaling.leave('hall')
    a.signaling.enter('attic')
    harness.mend(a.id)
    await a.recorder.hears(['room', 'attic', []])
    b.signaling.leave('hall')
    b.signaling.enter('hall')
    await b.recorder.hears(['room', 'hall', []])
  })

  it('hands signals to the named peer of the same room, and to nobody else', async () => {
    const [a, b, c] = (await inHall('a', 'b', 'c')) as [Peer, Peer, Peer]
    const outside = await openPeer('outside')
    outside.signaling.enter('attic')
    await outside.recorder.hears(['room', 'attic', []])
    a.signaling.signal('hall', outside.id, { leak: 1 })
    a.signaling.signal('attic', outside.id, { leak: 2 })
    outside.signaling.signal('hall', a.id, { leak: 3 })
    outside.signaling.signal('attic', a.id, { leak: 4 })
    a.signaling.signal('hall', b.id, { offer: { sdp: 'v=0', list: [1, null, true] } })
    await b.recorder.hears(['signal', 'a', { offer: { sdp: 'v=0', list: [1, null, true] } }])
    outside.signaling.enter('hall')
    await outside.recorder.hears(['room', 'hall', ['a', 'b', 'c']])
    await roundTrip(outside, a)
    await roundTrip(a, outside)
    const heard = [a, c, outside].flatMap(({ recorder }) => recorder.heard).filter(([what]) => what === 'signal')
    expect(heard).toHaveLength(2)
  })

  it('tells of the ICE servers before anybody is met', async () => {
    const [a] = (await inHall('a')) as [Peer]
    const kinds = a.recorder.heard.map(([what]) => what)
    expect(kinds.indexOf('iceServers')).toBeGreaterThanOrEqual(0)
    expect(kinds.indexOf('iceServers')).toBeLessThan(kinds.indexOf('room'))
  })

  it('refuses names and signals that cannot be, at the call', async () => {
    const a = await openPeer('a')
    const other = await harness.connect('b' as PeerId)
    expect(() => other.open('no spaces' as PeerId, new Recorder())).toThrowError(/peer id/)
    expect(() => a.signaling.enter('')).toThrowError(/empty/)
    expect(() => a.signaling.enter('x'.repeat(129))).toThrowError(/128/)
    expect(() => a.signaling.enter('half a character \ud800')).toThrowError(/Unicode/)
    expect(() => a.signaling.signal('hall', a.id, undefined)).toThrowError(/JSON/)
    expect(() => a.signaling.signal('hall', a.id, 'x'.repeat(70_000))).toThrowError(/65536/)
    expect(() => a.signaling.open(a.id, new Recorder())).toThrowError(/once/)
  })

  it('is opened again after close, under the same id and in no room, with or without a goodbye [FD4]', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    for (const cut of [false, true]) {
      // Cut off, it can't say goodbye.
      if (cut) harness.cut(a.id)
      a.signaling.close()
      if (cut) harness.mend(a.id)
      a.recorder = new Recorder()
      a.signaling.open(a.id, a.recorder)
      await a.recorder.hears(['state', 'open'])
      expect(a.recorder.heard.filter(([what]) => what === 'room')).toEqual([])
      a.signaling.announce('hall', standing)
      a.signaling.enter('hall')
      await a.recorder.hears(['room', 'hall', ['b']])
      await roundTrip(a, b)
      await roundTrip(b, a)
    }
  })

  it('vanishes without a goodbye, hears no more, and can be opened again', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    a.signaling.announce('hall', standing)
    await roundTrip(a, b)
    const before = a.recorder.heard.length
    a.signaling.vanish!()
    a.signaling.leave('hall')
    a.signaling.close()
    await b.recorder.hears(['left', 'hall', 'a', true])
    expect(b.recorder.count(['left', 'hall', 'a', false]) + b.recorder.count(['founder', 'hall'])).toBe(0)
    expect(a.recorder.heard).toHaveLength(before)
    a.signaling.open(a.id, a.recorder)
    a.signaling.enter('hall')
    await a.recorder.hears(['room', 'hall', ['b']])
  })

  it('says nothing after close', async () => {
    const [a, b] = (await inHall('a', 'b')) as [Peer, Peer]
    a.signaling.close()
    const before = a.recorder.heard.length
    a.signaling.close()
    await b.recorder.hears(['left', 'hall', 'a', false])
    b.signaling.signal('hall', a.id, { late: true })
    await foundersAreNamed()
    expect(a.recorder.heard).toHaveLength(before)
  })
})
