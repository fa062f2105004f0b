import type { PeerId } from '../../peer/base/ids.ts'
import type { WebrtcTimes } from '../../peer/transport/contact.ts'
import type { LinkSignal } from '../../peer/transport/link-signals.ts'
import type { WebrtcTransport } from '../../peer/transport/webrtc-links.ts'
import { CallWatch, numbered, same, until } from './station.ts'
import { bothUp, type ContractCase, connect, numberOf, roundTrip, runCase } from './transport-contract.ts'

export interface Carried {
  readonly from: PeerId
  readonly to: PeerId
  readonly data: LinkSignal
}

/** An introducer inside one page: carries signals to transports of the same page, a turn later. */
export class Introducer {
  readonly #transports = new Map<PeerId, WebrtcTransport>()
  readonly watch = new CallWatch()
  /** All signals so far, in order. */
  readonly carried: Carried[] = []
  /** Whether a signal arrives. */
  passes: (signal: Carried) => boolean = () => true

  enter(peer: PeerId, transport: WebrtcTransport): void {
    this.#transports.set(peer, transport)
  }

  carry(from: PeerId, to: PeerId, data: LinkSignal): void {
    const signal = { from, to, data: JSON.parse(JSON.stringify(data)) as LinkSignal }
    this.carried.push(signal)
    if (this.passes(signal)) setTimeout(() => this.hand(to, from, signal.data), 0)
  }

  hand(to: PeerId, from: PeerId, data: unknown): void {
    this.watch.during(() => this.#transports.get(to)?.signal(from, data))
  }
}

/** A promise of the WebRTC transport alone, which needs a hand on its signals. */
export interface WebrtcCase {
  readonly title: string
  readonly times?: Partial<WebrtcTimes>
  make(introducer: Introducer): ContractCase<WebrtcTransport>['run']
}

type Create = (self: PeerId, introducer: Introducer, times?: Partial<WebrtcTimes>) => WebrtcTransport

/** Runs a case of either contract over transports that share one introducer. */
export async function runWebrtcCase(one: ContractCase | WebrtcCase, create: Create): Promise<void> {
  const introducer = new Introducer()
  const times = 'times' in one ? one.times : undefined
  const run = 'make' in one ? one.make(introducer) : one.run
  const make = (id: PeerId): WebrtcTransport => {
    const transport = create(id, introducer, times)
    introducer.enter(id, transport)
    return transport
  }
  await runCase({ title: one.title, run }, make, introducer.watch)
}

const QUICK: Partial<WebrtcTimes> = { connectTimeoutMs: 1_000, retryMinMs: 20, retryMaxMs: 100 }

export const webrtcContract: readonly WebrtcCase[] = [
  {
    title: 'drops signals that are none, whoever sends them',
    make: (introducer) => async (station) => {
      const [a, b] = [station('a'), station('b')]
      const throwAt = (): void => {
        for (const junk of junkSignals(99)) {
          for (const from of [b.id, 'x' as PeerId]) introducer.hand(a.id, from, junk)
          for (const from of [a.id, 'x' as PeerId]) introducer.hand(b.id, from, junk)
        }
      }
      throwAt()
      same([a.transport.links().length, b.transport.links().length], [0, 0], 'links made of junk')
      a.want(b)
      b.want(a)
      throwAt()
      await bothUp(a, b)
      throwAt()
      await roundTrip(a, b)
      same([a.changes(b), b.changes(a)], [['up'], ['up']], 'ups and downs')
    },
  },
  {
    title: 'drops descriptions that no browser can read, and tries again',
    times: QUICK,
    make: (introducer) => async (station) => {
      const [a, b] = [station('a'), station('b')]
      introducer.passes = ({ data }) => data.type !== 'answer' || data.epoch > 1
      a.want(b)
      b.want(a)
      await until(() => introducer.carried.some(({ data }) => data.type === 'answer'), 'the first answer')
      introducer.hand(a.id, b.id, {
        type: 'candidate',
        epoch: 1,
        candidate: { candidate: '?', sdpMLineIndex: null, sdpMid: null },
      })
      introducer.hand(a.id, b.id, { type: 'answer', epoch: 1, sdp: 'v=nonsense' })
      await bothUp(a, b)
      await roundTrip(a, b)
    },
  },
  {
    title: 'drops the signals of earlier connections',
    times: QUICK,
    make: (introducer) => async (station) => {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      const stale = [...introducer.carried]
      introducer.passes = ({ data }) => {
        // In the middle of the next connection as well, when it waits for its own answer.
        if (data.type === 'offer') for (const { from, to, data } of stale) introducer.hand(to, from, data)
        return true
      }
      a.reset(b)
      await until(() => a.changes(b).length >= 3 && b.changes(a).length >= 3, 'another link')
      for (const { from, to, data } of [...stale, ...stale]) introducer.hand(to, from, data)
      await roundTrip(a, b)
      for (const { from, to, data } of [...introducer.carried]) introducer.hand(to, from, data)
      await roundTrip(a, b)
      const offers = introducer.carried.filter(({ data }) => data.type === 'offer').map(({ data }) => data.epoch)
      same(offers, [1, 2], 'connections offered')
      same([a.changes(b), b.changes(a)], Array(2).fill(['up', 'down', 'up']), 'ups and downs')
    },
  },
  ...(['offer', 'answer', 'candidate'] as const).map(
    (type): WebrtcCase => ({
      title: `connects although the introducer lost every ${type} of the first try`,
      times: QUICK,
      make: (introducer) => async (station) => {
        const [a, b] = [station('a'), station('b')]
        introducer.passes = ({ data }) => data.type !== type || data.epoch > 1
        await connect(a, b)
        await roundTrip(a, b)
      },
    }),
  ),
  ...(['a', 'b'] as const).map(
    (eager): WebrtcCase => ({
      title: `connects to a peer that has not heard of ${eager} yet, and stays once it is wanted`,
      times: { ...QUICK, guestMs: 500 },
      make: () => async (station) => {
        const [a, b] = [station('a'), station('b')]
        const [first, second] = eager === 'a' ? [a, b] : [b, a]
        first.want(second)
        await bothUp(a, b)
        second.want(first)
        await roundTrip(a, b)
        first.unwant(second)
        await until(() => !second.isUp(first), 'down')
        first.want(second)
        await bothUp(a, b)
      },
    }),
  ),
  {
    title: 'asks again when the introducer lost the request',
    times: QUICK,
    make: (introducer) => async (station) => {
      const [a, b] = [station('a'), station('b')]
      introducer.passes = () => introducer.carried.filter(({ data }) => data.type === 'please').length > 2
      b.want(a)
      await bothUp(a, b)
      same(
        introducer.carried.slice(0, 3).map(({ data }) => data.type),
        Array(3).fill('please'),
        'the first signals',
      )
    },
  },
  ...(['a', 'b'] as const).map(
    (weary): WebrtcCase => ({
      title: `refuses, at ${weary}, a peer that it no longer wants and that asks again`,
      times: QUICK,
      make: (introducer) => async (station) => {
        const [a, b] = [station('a'), station('b')]
        const [first, second] = weary === 'a' ? [a, b] : [b, a]
        await connect(a, b)
        first.unwant(second)
        const before = introducer.carried.length
        const requests = weary === 'a' ? 'please' : 'offer'
        const asked = (): number => introducer.carried.slice(before).filter(({ data }) => data.type === requests).length
        await until(() => asked() >= 3, 'the other end asking three times')
        same(first.changes(second), ['up', 'down'], 'ups and downs')
        first.want(second)
        await bothUp(a, b)
      },
    }),
  ),
  {
    title: 'ends a connection that one end never wanted',
    times: { ...QUICK, guestMs: 300 },
    make: () => async (station) => {
      const [a, b] = [station('a'), station('b')]
      a.want(b)
      await bothUp(a, b)
      await until(() => b.changes(a).includes('down') && a.changes(b).includes('down'), 'down at both ends')
      a.unwant(b)
      await until(() => b.transport.links().length === 0, 'no link left')
    },
  },
  {
    title: 'takes a new connection of a peer whose old one it still holds for good',
    times: QUICK,
    make: (introducer) => async (station) => {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      // As if b had lost its end without a word to a, and asked anew.
      b.send(a, numbered(1, 8))
      introducer.hand(a.id, b.id, { type: 'please', epoch: 1 })
      await until(() => a.changes(b).length >= 3 && b.changes(a).length >= 3, 'another link')
      a.send(b, numbered(2, 8))
      await until(() => b.frames(a).length > 0, 'a frame over the new link')
      same(b.frames(a, 'last up').map(numberOf), [2], 'frames of the new link')
      introducer.hand(a.id, b.id, { type: 'please', epoch: 1 })
      await roundTrip(a, b)
      same(a.changes(b), ['up', 'down', 'up'], 'ups and downs')
    },
  },
  {
    title: 'measures the round trip without a frame of its own',
    make: () => async (station) => {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      await until(() => a.link(b)?.roundTripMs !== undefined, 'a round trip')
      same([a.frames(b).length, b.frames(a).length], [0, 0], 'frames heard')
    },
  },
  {
    title: 'takes signals after close for nothing',
    make: (introducer) => async (station) => {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      const late = [...introducer.carried]
      a.close()
      for (const { from, to, data } of late) introducer.hand(to, from, data)
      introducer.hand(a.id, b.id, { type: 'please', epoch: 9 })
      await until(() => !b.isUp(a), 'down at the other end')
      same(a.transport.links(), [], 'links of a closed transport')
    },
  },
]

/** What a broken or hostile peer may send; `epoch` is one that never was. */
export function junkSignals(epoch: number): unknown[] {
  const line = 'candidate:1 1 udp 1 192.0.2.1 9 typ host'
  return [
    undefined,
    null,
    0,
    'offer',
    [],
    {},
    { type: 'offer' },
    { type: 'offer', epoch: 0, sdp: '' },
    { type: 'offer', epoch: -1, sdp: '' },
    { type: 'offer', epoch: 1.5, sdp: '' },
    { type: 'offer', epoch: '1', sdp: '' },
    { type: 'offer', epoch, sdp: 7 },
    { type: 'offer', epoch, sdp: 'x'.repeat(70_000) },
    { type: 'answer', epoch },
    { type: 'answer', epoch, sdp: 'v=0' },
    { type: 'please' },
    { type: 'please', epoch: Number.NaN },
    { type: 'renegotiate', epoch, renegotiate: true },
    { type: 'transceiverRequest', epoch, transceiverRequest: { kind: 'audio' } },
    { type: 'candidate', epoch },
    { type: 'candidate', epoch, candidate: line },
    { type: 'candidate', epoch, candidate: { candidate: 5, sdpMLineIndex: 0, sdpMid: '0' } },
    { type: 'candidate', epoch, candidate: { candidate: line, sdpMLineIndex: -1, sdpMid: '0' } },
    { type: 'candidate', epoch, candidate: { candidate: line, sdpMLineIndex: 0, sdpMid: {} } },
    { type: 'candidate', epoch, candidate: { candidate: line, sdpMLineIndex: 0, sdpMid: '0' } },
  ]
}
