import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import type { Input } from '../../peer/engine/io.ts'
import type { Clock } from '../../peer/runtime/clock.ts'
import { Mux, type Port } from '../../peer/runtime/mux.ts'
import { Writer } from '../../peer/wire/bytes.ts'
import { PROTOCOL_VERSION, packFrame, packGreeting, unpackFrame, unpackGreeting } from '../../peer/wire/frame.ts'
import { KIND_NUMBERS } from '../../peer/wire/messages.ts'

const [A, B] = ['a', 'b'] as PeerId[] as [PeerId, PeerId]
const TAG = { attempt: 1, lineageTag: 7, number: 3 }
const GARBAGE = Uint8Array.of(1)

describe('a link', () => {
  it('is closed at the third frame that is none, and not before', () => {
    const { mux, resets } = side()
    mux.up(B)
    mux.frame(B, GARBAGE)
    mux.frame(B, GARBAGE)
    expect(resets).toEqual([])
    mux.frame(B, GARBAGE)
    expect(resets).toEqual([B])
    expect(mux.badFrames).toBe(3)
  })

  it('is closed at the third message that an engine called bad, whatever the frames were', () => {
    const { mux, resets } = side()
    const { port } = join(mux, 'room')
    mux.up(B)
    port.bad(B)
    mux.frame(B, GARBAGE)
    expect(resets).toEqual([])
    port.bad(B)
    expect(resets).toEqual([B])
  })

  it('begins anew, with nothing against it, when it comes up again', () => {
    const { mux, resets } = side()
    for (let times = 0; times < 3; times++) {
      mux.up(B)
      mux.frame(B, GARBAGE)
      mux.frame(B, GARBAGE)
      mux.down(B)
    }
    expect(resets).toEqual([])
    expect(mux.badFrames).toBe(6)
  })

  it('takes nothing once it is down', () => {
    const { mux } = side()
    mux.frame(B, GARBAGE)
    expect(mux.badFrames).toBe(0)
  })

  it.each([
    ['an empty frame', packFrame({ header: { group: 1, ...TAG }, messages: [] })],
    ['a group number that was never told', packFrame({ header: { group: 9, ...TAG }, messages: [Uint8Array.of(5)] })],
    ['a greeting that is none', packFrame({ isGreeting: true, messages: [Uint8Array.of(PROTOCOL_VERSION, 200)] })],
    ['a frame under the header of one before, where there was none', packFrame({ messages: [Uint8Array.of(5)] })],
    ['a message in parts that is none', packFrame({ header: { group: 1, ...TAG }, messages: [Uint8Array.of(0, 9)] })],
  ])('counts %s', (_what, frame) => {
    const { mux } = side()
    const { inputs } = join(mux, 'room')
    mux.up(B)
    mux.frame(B, packGreeting({ version: PROTOCOL_VERSION, groups: [{ number: 1, name: 'room' }] }))
    mux.frame(B, frame)
    expect(mux.badFrames).toBe(1)
    expect(inputs.filter(({ type }) => type === 'receive')).toEqual([])
  })

  it('drops, uncounted, what is for a group that was not joined here', () => {
    const { mux } = side()
    const { inputs } = join(mux, 'room')
    mux.up(B)
    mux.frame(B, packGreeting({ version: PROTOCOL_VERSION, groups: [{ number: 4, name: 'elsewhere' }] }))
    mux.frame(B, packFrame({ header: { group: 4, ...TAG }, messages: [Uint8Array.of(5)] }))
    expect(inputs).toEqual([])
    expect(mux.badFrames).toBe(0)
  })
})

describe('a frame without a header', () => {
  const greeting = packGreeting({ version: PROTOCOL_VERSION, groups: [{ number: 1, name: 'room' }] })
  const headed = (group: number, byte: number) =>
    packFrame({ header: { group, ...TAG }, messages: [Uint8Array.of(byte)] })
  const bare = packFrame({ messages: [Uint8Array.of(6)] })

  it('is under that of the frame before it on this link', () => {
    const { mux } = side()
    const { inputs } = join(mux, 'room')
    for (const peer of [A, B]) {
      mux.up(peer)
      mux.frame(peer, greeting)
    }
    mux.frame(A, packFrame({ header: { group: 1, ...TAG, number: 9 }, messages: [Uint8Array.of(5)] }))
    mux.frame(B, headed(1, 7))
    mux.frame(A, bare)
    const last = inputs.at(-1)
    expect(last?.type === 'receive' && [last.from, last.tag.number, [...last.message]]).toEqual([A, 9, [6]])
    expect(mux.badFrames).toBe(0)
  })

  it('is under none when the link is new', () => {
    const { mux } = side()
    const { inputs } = join(mux, 'room')
    mux.up(B)
    mux.frame(B, greeting)
    mux.frame(B, headed(1, 5))
    mux.down(B)
    mux.up(B)
    mux.frame(B, greeting)
    mux.frame(B, bare)
    expect(mux.badFrames).toBe(1)
    expect(received(inputs)).toEqual([[5]])
  })

  it('is refused with the frame before it, and not taken for one of a group of which there were others', () => {
    const { mux } = side()
    const { inputs } = join(mux, 'room')
    mux.up(B)
    mux.frame(B, greeting)
    mux.frame(B, headed(1, 5))
    mux.frame(B, headed(9, 7))
    mux.frame(B, bare)
    expect(received(inputs)).toEqual([[5]])
    expect(mux.badFrames).toBe(2)
  })
})

describe('a peer of another version', () => {
  it('is told apart, and nothing of it is read', () => {
    const { mux, mismatches } = side()
    const { inputs } = join(mux, 'room')
    mux.up(B)
    const greeting = new Writer()
      .varint(PROTOCOL_VERSION + 1)
      .raw(Uint8Array.of(250, 250))
      .finish()
    mux.frame(B, packFrame({ isGreeting: true, messages: [greeting] }))
    expect(mismatches).toEqual([[B, PROTOCOL_VERSION + 1]])
    mux.frame(B, packFrame({ header: { group: 1, ...TAG }, messages: [Uint8Array.of(5)] }))
    expect(inputs).toEqual([])
  })
})

describe('two groups over one link', () => {
  it('each hear of the link once both ends are in them, and get their own messages', () => {
    const { a, b, run } = pair()
    const [room, hall] = [join(a.mux, 'room'), join(a.mux, 'hall')]
    const other = join(b.mux, 'hall')
    run()
    expect(room.inputs).toEqual([])
    expect(hall.inputs).toEqual([{ type: 'link', peer: B, up: true }])
    expect(other.inputs).toEqual([{ type: 'link', peer: A, up: true }])
    const late = join(b.mux, 'room')
    run()
    expect(room.inputs).toEqual([{ type: 'link', peer: B, up: true }])
    room.port.send(B, TAG, Uint8Array.of(1))
    hall.port.send(B, TAG, Uint8Array.of(2))
    run()
    expect(received(late.inputs)).toEqual([[1]])
    expect(received(other.inputs)).toEqual([[2]])
    expect(room.port.peers()).toEqual([B])
  })

  it('part: one that is left sees the link go down at the other end, the other group does not', () => {
    const { a, b, run } = pair()
    const [room, hall] = [join(a.mux, 'room'), join(a.mux, 'hall')]
    const [otherRoom, otherHall] = [join(b.mux, 'room'), join(b.mux, 'hall')]
    run()
    room.port.send(B, TAG, Uint8Array.of(1))
    room.port.close()
    run()
    expect(received(otherRoom.inputs)).toEqual([[1]])
    expect(otherRoom.inputs.at(-1)).toEqual({ type: 'link', peer: A, up: false })
    expect(otherHall.inputs.at(-1)).toEqual({ type: 'link', peer: A, up: true })
    otherHall.port.send(A, TAG, Uint8Array.of(2))
    run()
    expect(received(hall.inputs)).toEqual([[2]])
    expect(a.mux.badFrames + b.mux.badFrames).toBe(0)
  })

  it('see it go down together when it breaks', () => {
    const { a, b, run } = pair()
    const groups = [join(a.mux, 'room'), join(a.mux, 'hall')]
    for (const name of ['room', 'hall']) join(b.mux, name)
    run()
    a.mux.down(B)
    for (const { inputs, port } of groups) {
      expect(inputs.at(-1)).toEqual({ type: 'link', peer: B, up: false })
      expect(port.peers()).toEqual([])
    }
  })
})

describe('messages', () => {
  it('of one turn share a frame, and keep their order [FL3] [OR1]', () => {
    const { a, b, run, frames } = pair()
    const [one, other] = [join(a.mux, 'room'), join(b.mux, 'room')]
    run()
    frames.length = 0
    for (let i = 1; i <= 5; i++) one.port.send(B, TAG, Uint8Array.of(KIND_NUMBERS.entries, i))
    run()
    expect(frames).toHaveLength(1)
    expect(received(other.inputs)).toEqual([1, 2, 3, 4, 5].map((i) => [KIND_NUMBERS.entries, i]))
  })

  it('never make a frame larger than a link takes, however large they are [FL3]', () => {
    const { a, b, run, frames } = pair()
    const [one, other] = [join(a.mux, 'room'), join(b.mux, 'room')]
    run()
    const sizes = [1, 900, 1_000, 5_000, 951, 952, 953, 3]
    for (const size of sizes) one.port.send(B, TAG, new Uint8Array(size).fill(KIND_NUMBERS.entries))
    run()
    expect(received(other.inputs).map(({ length }) => length)).toEqual(sizes)
    for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(1_000)
  })
})

interface Side {
  readonly mux: Mux
  readonly resets: PeerId[]
  readonly mismatches: [PeerId, number][]
  readonly sent: Uint8Array[]
  readonly turn: () => boolean
}

/** A multiplexer whose turns end when told. */
function side(): Side {
  const [resets, mismatches, sent, deferred] = [[], [], [], []] as [
    PeerId[],
    [PeerId, number][],
    Uint8Array[],
    (() => void)[],
  ]
  const clock: Clock = { now: () => 0, at: () => () => {}, defer: (run) => deferred.push(run) }
  const mux = new Mux({
    links: { send: (_peer, frame) => sent.push(frame), reset: (peer) => resets.push(peer), frameBytesMax: 1_000 },
    clock,
    versionMismatch: (peer, version) => mismatches.push([peer, version]),
  })
  const turn = () => {
    const due = deferred.splice(0)
    for (const run of due) run()
    return due.length > 0
  }
  return { mux, resets, mismatches, sent, turn }
}

/** Two, with a link between them that loses nothing. */
function pair() {
  const [a, b] = [side(), side()]
  const frames: Uint8Array[] = []
  a.mux.up(B)
  b.mux.up(A)
  const carry = (from: Side, to: Side, name: PeerId) => {
    const post = from.sent.splice(0)
    for (const frame of post) to.mux.frame(name, frame)
    frames.push(...post.filter((frame) => unpackFrame(frame)!.isGreeting !== true))
    return post.length > 0
  }
  const run = () => {
    while ([a.turn(), b.turn(), carry(a, b, A), carry(b, a, B)].some(Boolean));
  }
  return { a, b, run, frames }
}

function join(mux: Mux, name: string): { readonly port: Port; readonly inputs: Input[] } {
  const inputs: Input[] = []
  return {
    port: mux.open(name, { input: (given) => inputs.push(given), inputs: (given) => inputs.push(...given) }),
    inputs,
  }
}

function received(inputs: readonly Input[]): number[][] {
  return inputs.flatMap((input) => (input.type === 'receive' ? [[...input.message]] : []))
}

it('a greeting tells the version and all groups that were joined', () => {
  const { mux, sent } = side()
  join(mux, 'room')
  join(mux, 'hall')
  mux.up(B)
  const greeting = unpackGreeting(unpackFrame(sent.at(-1)!)!.messages[0]!)
  expect(greeting?.version).toBe(PROTOCOL_VERSION)
  expect(greeting?.groups.map(({ name }) => name)).toEqual(['room', 'hall'])
})
