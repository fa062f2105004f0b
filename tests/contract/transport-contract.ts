import type { PeerId } from '../../peer/base/ids.ts'
import type { Transport } from '../../peer/transport/transport.ts'
import { CallWatch, numbered, Station, same, sameBytes, until } from './station.ts'

/** One promise of the Transport interface. Runs in Node and in a page alike, so it uses no test runner. */
export interface ContractCase<T extends Transport = Transport> {
  readonly title: string
  run(stations: (id: string) => Station<T>): Promise<void>
}

/** Runs one case over transports that `create` makes, checks what holds in all of them, and closes them. */
export async function runCase<T extends Transport>(
  one: ContractCase<T>,
  create: (id: PeerId) => T,
  watch = new CallWatch(),
): Promise<void> {
  const all: Station<T>[] = []
  try {
    await one.run((id) => {
      const station = new Station(id as PeerId, create(id as PeerId), watch)
      all.push(station)
      return station
    })
    same(watch.breaches, [], 'heard from inside a call')
    for (const station of all) for (const other of all) checkAlternation(station, other)
  } finally {
    for (const station of all) station.close()
  }
}

export const transportContract: readonly ContractCase[] = [
  {
    title: 'brings a link up at both ends once both want it',
    async run(station) {
      const [a, b] = [station('a'), station('b')]
      a.want(b)
      b.want(a)
      await bothUp(a, b)
      same([a.link(b)?.state, b.link(a)?.state], ['direct', 'direct'], 'state of the link')
    },
  },
  {
    title: 'makes one link of two wishes at the same instant, however often repeated',
    async run(station) {
      const [a, b] = [station('a'), station('b')]
      for (let time = 0; time < 3; time++) {
        b.want(a)
        a.want(b)
      }
      await bothUp(a, b)
      a.want(b)
      b.want(a)
      await roundTrip(a, b)
      same([a.changes(b), b.changes(a)], [['up'], ['up']], 'ups and downs')
    },
  },
  {
    title: 'carries frames in order and intact, up to the largest, both ways',
    async run(station) {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      const sizes = [1, 2, 100, 1_200, 16_384, 65_536, a.transport.frameBytesMax, 3, a.transport.frameBytesMax]
      const frames = sizes.map((size, index) => numbered(index, size))
      for (const frame of frames) {
        a.send(b, frame)
        b.send(a, frame)
      }
      await until(() => a.frames(b).length === frames.length && b.frames(a).length === frames.length, 'all frames')
      frames.forEach((frame, index) => {
        same(sameBytes(a.frames(b)[index], frame), true, `frame ${index} at a`)
        same(sameBytes(b.frames(a)[index], frame), true, `frame ${index} at b`)
      })
    },
  },
  {
    title: 'refuses a frame that is empty or too large, and stays as it was',
    async run(station) {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      for (const length of [0, a.transport.frameBytesMax + 1]) {
        same(
          codeOf(() => a.send(b, new Uint8Array(length))),
          'internal',
          `a frame of ${length} bytes`,
        )
      }
      await roundTrip(a, b)
      same(a.changes(b), ['up'], 'ups and downs')
    },
  },
  {
    title: 'drops what is sent where no link is',
    async run(station) {
      const [a, b] = [station('a'), station('b')]
      a.send(b, numbered(1, 8))
      a.want(b)
      a.send(b, numbered(2, 8))
      b.want(a)
      await bothUp(a, b)
      a.send(b, numbered(3, 8))
      await until(() => b.frames(a).length > 0, 'the frame sent over the link')
      same(b.frames(a).map(numberOf), [3], 'frames at b')
    },
  },
  {
    title: 'calls its listener outside of all calls, which may send from there',
    async run(station) {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      b.onFrame = (_, frame) => b.send(a, frame)
      a.onFrame = (_, frame) => numberOf(frame) < 50 && a.send(b, numbered(numberOf(frame) + 1, 8))
      a.send(b, numbered(1, 8))
      await until(() => a.frames(b).length === 50, '50 rounds')
    },
  },
  ...(['a', 'b'] as const).map(
    (end): ContractCase => ({
      title: `takes a link down at both ends on reset by ${end}, and up again without a frame of before`,
      async run(station) {
        const [a, b] = [station('a'), station('b')]
        await connect(a, b)
        for (let number = 0; number < 200; number++) {
          a.send(b, numbered(number, 2_000))
          b.send(a, numbered(number, 2_000))
        }
        if (end === 'a') a.reset(b)
        else b.reset(a)
        await until(() => a.changes(b).length >= 3 && b.changes(a).length >= 3, 'down and up again')
        same([a.changes(b), b.changes(a)], Array(2).fill(['up', 'down', 'up']), 'ups and downs')
        a.send(b, numbered(1_000, 8))
        b.send(a, numbered(1_000, 8))
        await until(
          () => numberOf(a.frames(b).at(-1)) === 1_000 && numberOf(b.frames(a).at(-1)) === 1_000,
          'new frames',
        )
        same(a.frames(b, 'last up').map(numberOf), [1_000], 'frames of the new link at a')
        same(b.frames(a, 'last up').map(numberOf), [1_000], 'frames of the new link at b')
      },
    }),
  ),
  {
    title: 'hands over nothing more of a link that its listener resets, not even what is there already',
    async run(station) {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      b.onFrame = () => {
        b.onFrame = undefined
        b.reset(a)
      }
      for (let number = 0; number < 20; number++) a.send(b, numbered(number, 8))
      await until(() => b.changes(a).length >= 3, 'down and up again')
      same(b.frames(a).map(numberOf), [0], 'frames at b')
    },
  },
  ...(['a', 'b'] as const).map(
    (end): ContractCase => ({
      title: `ends a link that ${end} no longer wants, until it is wanted again`,
      async run(station) {
        const [a, b] = [station('a'), station('b')]
        await connect(a, b)
        const [first, second] = end === 'a' ? [a, b] : [b, a]
        first.unwant(second)
        await until(() => !a.isUp(b) && !b.isUp(a), 'down at both ends')
        same(first.link(second), undefined, 'the link in the list')
        second.unwant(first)
        first.want(second)
        second.want(first)
        await bothUp(a, b)
        await roundTrip(a, b)
      },
    }),
  ),
  {
    title: 'hands over what was sent before close, then goes down; the closed end hears nothing more',
    async run(station) {
      const [a, b, c] = [station('a'), station('b'), station('c')]
      await connect(a, b, c)
      const heardByC = c.heard.length
      a.send(b, numbered(7, 300))
      c.send(b, numbered(8, 300))
      c.close()
      await until(() => !a.isUp(c) && !b.isUp(c), 'down where the link ended')
      same(b.frames(c).map(numberOf), [8], 'frames sent before close')
      c.want(a)
      c.send(a, numbered(9, 8))
      await roundTrip(a, b)
      same([c.heard.length, c.transport.links().length, a.isUp(b)], [heardByC, 0, true], 'after close')
    },
  },
  {
    title: 'links three peers with each other, and keeps their frames apart',
    async run(station) {
      const peers = [station('b'), station('c'), station('a')]
      await connect(...peers)
      for (const [index, from] of peers.entries()) {
        for (const to of peers) if (to !== from) from.send(to, numbered(index, 8))
      }
      await until(() => peers.every(({ heard }) => heard.length === 4), 'a frame of each at each')
      for (const to of peers) {
        for (const [index, from] of peers.entries()) {
          if (to !== from) same(to.frames(from).map(numberOf), [index], `frames of ${from.id} at ${to.id}`)
        }
      }
    },
  },
  {
    title: 'carries a burst of 5,000 frames of 1 KB whole and in order',
    async run(station) {
      const [a, b] = [station('a'), station('b')]
      await connect(a, b)
      for (let number = 0; number < 5_000; number++) a.send(b, numbered(number, 1_024))
      await until(() => b.frames(a).length === 5_000, 'the whole burst')
      same(
        b.frames(a).findIndex((frame, number) => numberOf(frame) !== number || frame.length !== 1_024),
        -1,
        'the first frame out of place',
      )
      await until(() => a.link(b)?.bytesQueued === 0, 'an empty queue')
    },
  },
]

/** Wants all links among the peers, and waits for them. */
export async function connect(...peers: Station[]): Promise<void> {
  for (const peer of peers) peer.want(...peers.filter((other) => other !== peer))
  for (const peer of peers) for (const other of peers) if (peer !== other) await bothUp(peer, other)
}

export function bothUp(a: Station, b: Station): Promise<void> {
  return until(() => a.isUp(b) && b.isUp(a), `the link of ${a.id} and ${b.id}`)
}

/** A frame there and one back: all that was sent before has arrived. */
export async function roundTrip(a: Station, b: Station): Promise<void> {
  const [atA, atB] = [a.frames(b).length, b.frames(a).length]
  a.send(b, numbered(0, 4))
  await until(() => b.frames(a).length > atB, `a frame at ${b.id}`)
  b.send(a, numbered(0, 4))
  await until(() => a.frames(b).length > atA, `a frame at ${a.id}`)
}

export function numberOf(frame: Uint8Array | undefined): number {
  return frame === undefined ? -1 : new DataView(frame.buffer, frame.byteOffset).getUint32(0)
}

/** The code of the error that a call throws. */
export function codeOf(call: () => void): unknown {
  try {
    call()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return undefined
}

/** Up and down take turns, and frames come only between an up and a down. */
function checkAlternation(station: Station, other: Station): void {
  let isUp = false
  for (const { type, peer } of station.heard) {
    if (peer !== other.id) continue
    const fits = type === 'up' ? !isUp : isUp
    if (!fits) throw new Error(`${type} of ${peer} at ${station.id} while it was ${isUp ? 'up' : 'down'}`)
    isUp = type === 'frame' ? isUp : type === 'up'
  }
}
