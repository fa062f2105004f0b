import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import type { Clock } from '../../peer/runtime/clock.ts'
import { Outbox } from '../../peer/runtime/outbox.ts'
import { type FrameHeader, unpackFrame } from '../../peer/wire/frame.ts'
import { KIND_NUMBERS, type MessageKind } from '../../peer/wire/messages.ts'
import { Assembly, isPart } from '../../peer/wire/parts.ts'

const [A, B, C] = ['a', 'b', 'c'] as PeerId[] as [PeerId, PeerId, PeerId]
const HEADER: FrameHeader = { group: 1, attempt: 1, lineageTag: 7, number: 3 }
const KB = 1_024

describe('what goes to a link', () => {
  it('in one turn shares a frame [FL3]', () => {
    const { box, sent, turn } = newBox()
    for (let i = 1; i <= 5; i++) box.add(A, HEADER, message('entries', i))
    expect(sent).toEqual([])
    turn()
    expect(framesTo(sent, A)).toEqual([['entries 1', 'entries 2', 'entries 3', 'entries 4', 'entries 5']])
  })

  it('leaves before the next turn when the link is idle [FL3]', () => {
    const { box, sent, turn } = newBox()
    for (let i = 1; i <= 2; i++) {
      box.add(A, HEADER, message('entries', i))
      turn()
    }
    expect(framesTo(sent, A)).toEqual([['entries 1'], ['entries 2']])
  })

  it('waits while the link is busy, and frames grow by it [FL3]', () => {
    const { box, sent, turn, busy } = newBox()
    busy.add(A)
    for (let i = 1; i <= 6; i++) {
      box.add(A, HEADER, message('entries', i))
      turn()
    }
    expect(sent).toEqual([])
    busy.delete(A)
    box.drained(A)
    expect(framesTo(sent, A)).toEqual([[1, 2, 3, 4, 5, 6].map((i) => `entries ${i}`)])
  })

  it('goes frame by frame only as long as the link takes more [FL3]', () => {
    const { box, sent, turn, busy, state } = newBox()
    state.afterSend = (peer) => busy.add(peer)
    for (let i = 1; i <= 30; i++) box.add(A, HEADER, message('entries', i, 10 * KB))
    turn()
    expect(sent).toHaveLength(1)
    expect(sent[0]!.bytes.length).toBeLessThanOrEqual(64 * KB)
    busy.delete(A)
    box.drained(A)
    expect(sent).toHaveLength(2)
  })

  it('holds up nobody else when one link is busy', () => {
    const { box, sent, turn, busy } = newBox()
    busy.add(A)
    for (const peer of [A, B]) box.add(peer, HEADER, message('entries', 1))
    turn()
    expect(sent.map(({ peer }) => peer)).toEqual([B])
  })

  it('never makes a frame larger than the link takes, and is whole at the other end [FL3]', () => {
    const { box, sent, turn } = newBox(1_000)
    const sizes = [1, 900, 1_000, 5_000, 951, 952, 953, 3]
    for (const [index, size] of sizes.entries()) box.add(A, HEADER, message('entries', index, size))
    turn()
    for (const { bytes } of sent) expect(bytes.length).toBeLessThanOrEqual(1_000)
    const assembly = new Assembly()
    const whole = messagesTo(sent, A).flatMap((part) => {
      const taken = isPart(part) ? assembly.take(part) : part
      return typeof taken === 'string' ? [] : [taken]
    })
    expect(whole.map(({ length }) => length - 2)).toEqual(sizes)
    expect(whole.map((bytes) => bytes[1])).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('never makes a frame larger than the link takes of bulk that is due either [FL3] [ST4]', () => {
    const { box, sent, turn } = newBox(1_000)
    for (let i = 0; i < 5; i++) box.add(A, HEADER, message('entries', i, 900))
    for (let i = 0; i < 5; i++) box.add(A, HEADER, message('chunk', i, 700))
    turn()
    expect(framesTo(sent, A).flat()).toHaveLength(10)
    for (const { bytes } of sent) expect(bytes.length).toBeLessThanOrEqual(1_000)
  })
})

describe('of what waits for a link', () => {
  it('control goes before data, data before bulk, and each keeps its order [FL3] [OR1] [ST4]', () => {
    const { box, sent, turn } = newBox()
    const kinds: MessageKind[] = ['chunk', 'entries', 'status', 'order', 'chunk', 'ping', 'entries', 'prepare']
    for (const [index, kind] of kinds.entries()) box.add(A, HEADER, message(kind, index))
    turn()
    expect(framesTo(sent, A).flat()).toEqual([
      'status 2',
      'ping 5',
      'prepare 7',
      'entries 1',
      'order 3',
      'entries 6',
      'chunk 0',
      'chunk 4',
    ])
  })

  it('control leaves with the next frame, however much data waits [FL3]', () => {
    const { box, sent, turn, busy } = newBox()
    busy.add(A)
    for (let i = 0; i < 200; i++) box.add(A, HEADER, message('entries', i, 10 * KB))
    box.add(A, HEADER, message('have', 1))
    turn()
    busy.delete(A)
    box.drained(A)
    expect(framesTo(sent, A)[0]?.[0]).toBe('have 1')
    expect(sent.length).toBeGreaterThan(10)
  })

  it('last words keep their place behind the data before them [RC1]', () => {
    const { box, sent, turn } = newBox()
    const kinds: MessageKind[] = ['entries', 'relay', 'grant', 'bye']
    for (const [index, kind] of kinds.entries()) box.add(A, HEADER, message(kind, index))
    turn()
    expect(framesTo(sent, A)).toEqual([['entries 0', 'relay 1', 'grant 2', 'bye 3']])
  })

  it('bulk has its share of every frame while there is data without end [ST4]', () => {
    const { box, sent, turn, busy } = newBox()
    busy.add(A)
    for (let i = 0; i < 250; i++) box.add(A, HEADER, message('entries', i, 4 * KB))
    for (let i = 0; i < 20; i++) box.add(A, HEADER, message('chunk', i, 8 * KB))
    turn()
    busy.delete(A)
    box.drained(A)
    const first = framesTo(sent, A).slice(0, 10)
    for (const frame of first) {
      expect(frame.filter((name) => name.startsWith('chunk')).length).toBeGreaterThanOrEqual(1)
      expect(frame.filter((name) => name.startsWith('entries')).length).toBeGreaterThanOrEqual(8)
    }
  })

  it('bulk of one group has its share while another group has data without end [ST4]', () => {
    const { box, sent, turn, busy, state } = newBox()
    state.afterSend = (peer) => busy.add(peer)
    busy.add(A)
    let sentData = 0
    const refill = () => {
      for (let i = 0; i < 20; i++) box.add(A, HEADER, message('entries', sentData++, 8 * KB))
    }
    refill()
    for (let i = 0; i < 5; i++) box.add(A, { ...HEADER, group: 2 }, message('chunk', i, 8 * KB))
    turn()
    for (let frames = 0; frames < 50; frames++) {
      busy.delete(A)
      box.drained(A)
      refill()
      turn()
    }
    const chunks = framesTo(sent, A)
      .flat()
      .filter((name) => name.startsWith('chunk'))
    expect(chunks).toHaveLength(5)
  })
})

describe('the header of a frame', () => {
  it('is told once, and again when it changes [FL3]', () => {
    const { box, sent, turn } = newBox()
    const headers = [HEADER, HEADER, { ...HEADER, number: 4 }, { ...HEADER, number: 4 }, HEADER]
    for (const [index, header] of headers.entries()) {
      box.add(A, header, message('entries', index))
      turn()
    }
    const told = sent.map(({ bytes }) => unpackFrame(bytes)!.header?.number)
    expect(told).toEqual([3, undefined, 4, undefined, 3])
  })

  it('is told again when the link is new', () => {
    const { box, sent, turn } = newBox()
    for (let i = 0; i < 2; i++) {
      box.add(A, HEADER, message('entries', i))
      turn()
      box.drop(A)
    }
    expect(sent.map(({ bytes }) => unpackFrame(bytes)!.header)).toEqual([HEADER, HEADER])
  })

  it('parts what is of two groups or views: a frame has one', () => {
    const { box, sent, turn } = newBox()
    const headers = [HEADER, HEADER, { ...HEADER, group: 2 }, { ...HEADER, attempt: 2 }, { ...HEADER, lineageTag: 8 }]
    for (const [index, header] of headers.entries()) box.add(A, header, message('entries', index))
    turn()
    expect(framesTo(sent, A)).toEqual([['entries 0', 'entries 1'], ['entries 2'], ['entries 3'], ['entries 4']])
    const told = sent.map(({ bytes }) => unpackFrame(bytes)!.header)
    expect(told).toEqual([HEADER, ...headers.slice(2)])
  })
})

describe('a frame for several links', () => {
  it('is made once', () => {
    const { box, sent, turn } = newBox()
    const [one, other] = [message('entries', 1), message('entries', 2)]
    for (const peer of [A, B, C]) for (const each of [one, other]) box.add(peer, HEADER, each)
    turn()
    expect(sent.map(({ peer }) => peer)).toEqual([A, B, C])
    expect(new Set(sent.map(({ bytes }) => bytes)).size).toBe(1)
  })

  it('is another for a link that is new, or has more to send', () => {
    const { box, sent, turn } = newBox()
    box.add(A, HEADER, message('entries', 1))
    turn()
    const shared = message('entries', 2)
    for (const peer of [A, B, C]) box.add(peer, HEADER, shared)
    box.add(C, HEADER, message('entries', 3))
    turn()
    expect(framesTo(sent, A)).toEqual([['entries 1'], ['entries 2']])
    expect(framesTo(sent, B)).toEqual([['entries 2']])
    expect(framesTo(sent, C)).toEqual([['entries 2', 'entries 3']])
    const told = sent.slice(1).map(({ bytes }) => unpackFrame(bytes)!.header !== undefined)
    expect(told).toEqual([false, true, true])
  })
})

describe('a link that goes', () => {
  it('takes what waited for it along: nothing of it reaches the next one [DL1]', () => {
    const { box, sent, turn, busy } = newBox()
    busy.add(A)
    box.add(A, HEADER, message('entries', 1))
    turn()
    box.drop(A)
    busy.delete(A)
    box.drained(A)
    box.add(A, HEADER, message('entries', 2))
    turn()
    expect(framesTo(sent, A)).toEqual([['entries 2']])
  })

  it('is given all that waits before it is closed, busy or not [FD3]', () => {
    const { box, sent, turn, busy } = newBox()
    busy.add(A)
    for (let i = 0; i < 30; i++) box.add(A, HEADER, message('entries', i, 10 * KB))
    for (let i = 0; i < 3; i++) box.add(A, HEADER, message('chunk', i))
    box.add(A, HEADER, message('bye', 0))
    turn()
    expect(sent).toEqual([])
    box.empty()
    const names = framesTo(sent, A).flat()
    expect(names).toHaveLength(34)
    expect(names.filter((name) => !name.startsWith('chunk')).at(-1)).toBe('bye 0')
  })
})

interface Sent {
  readonly peer: PeerId
  readonly bytes: Uint8Array
}

function newBox(frameBytesMax = 256 * KB) {
  const sent: Sent[] = []
  const busy = new Set<PeerId>()
  const deferred: (() => void)[] = []
  const state: { afterSend(peer: PeerId): void } = { afterSend: () => {} }
  const clock: Clock = { now: () => 0, at: () => () => {}, defer: (run) => deferred.push(run) }
  const sink = {
    frameBytesMax,
    isBusy: (peer: PeerId) => busy.has(peer),
    send: (peer: PeerId, bytes: Uint8Array) => {
      sent.push({ peer, bytes })
      state.afterSend(peer)
    },
  }
  const turn = () => {
    for (const run of deferred.splice(0)) run()
  }
  return { box: new Outbox(sink, clock), sent, busy, state, turn }
}

/** One of that kind, told apart by its second byte. */
function message(kind: MessageKind, name: number, bytes = 0): Uint8Array {
  const made = new Uint8Array(2 + bytes)
  made[0] = KIND_NUMBERS[kind]
  made[1] = name
  return made
}

function messagesTo(sent: readonly Sent[], to: PeerId): Uint8Array[] {
  return sent.flatMap(({ peer, bytes }) => (peer === to ? unpackFrame(bytes)!.messages : []))
}

function framesTo(sent: readonly Sent[], to: PeerId): string[][] {
  const kinds = new Map(Object.entries(KIND_NUMBERS).map(([kind, number]) => [number, kind]))
  return sent
    .filter(({ peer }) => peer === to)
    .map(({ bytes }) => unpackFrame(bytes)!.messages.map((one) => `${kinds.get(one[0]!)} ${one[1]}`))
}
