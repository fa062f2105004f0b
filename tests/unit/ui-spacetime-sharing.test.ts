import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Group, Peer } from '../../peer/index.ts'
import type { GroupHost } from '../../ui/group/group-host.ts'
import { Parts } from '../../ui/group/parts.ts'
import { pageTime } from '../../ui/spacetime/own-trace.ts'
import type { SpacetimeEvent } from '../../ui/spacetime/spacetime-event.ts'
import { TraceSession } from '../../ui/spacetime/trace-session.ts'
import { TraceSharing } from '../../ui/spacetime/trace-sharing.ts'
import { writeRow } from '../../ui/spacetime/trace-words.ts'
import { send } from './ui-spacetime-support.ts'

// The asking for traces, on this page; the others' words come by hand.

const me = { id: 'me.1' }
const bob = { id: 'bob.1' }

/** A group that keeps what is said in it. */
class FakeGroup extends EventTarget {
  readonly name = 'room'
  readonly self = me
  readonly status = 'member'
  readonly view = { lineage: 'l', number: 1, members: [me, bob], primary: true }
  readonly said: Record<string, unknown>[] = []

  fbcast(value: Record<string, unknown>): Promise<void> {
    this.said.push(value)
    return Promise.resolve()
  }

  trace(): () => void {
    return () => {}
  }

  inspect(): object {
    return { engine: {} }
  }

  leave(): Promise<void> {
    return Promise.resolve()
  }

  hear(value: object, from = bob): void {
    this.dispatchEvent(Object.assign(new Event('message'), { value: { tutti: 'trace', ...value }, from }))
  }

  /** What was said of one sort. */
  words(name: 'ping' | 'pong' | 'rows'): unknown[] {
    return this.said.flatMap((value) => (name in value ? [value[name]] : []))
  }
}

class FakeHost extends EventTarget {
  readonly parts = new Parts()
  readonly group = new FakeGroup()
  readonly peer = undefined
  readonly phase = 'joined'
  readonly casts: object[] = []

  cast(_kind: string, value: object): boolean {
    this.casts.push(value)
    return true
  }

  observe(): () => void {
    return () => {}
  }

  /** Delivers what was multicast here, in order. */
  deliver(): void {
    for (const value of this.casts.splice(0)) this.parts.apply({ kind: 'causal', value, from: me } as never)
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('an exchange of traces', () => {
  async function open({ wanted = true } = {}) {
    const talk = new FakeGroup()
    const heard: unknown[] = []
    const listener = {
      take: (events: readonly SpacetimeEvent[]) => heard.push(...events.map(({ t }) => t)),
      offset: (peer: string, offsetMs: number) => heard.push([peer, Math.round(offsetMs)]),
      failed: (error: unknown) => heard.push(error),
      isWanted: () => wanted,
    }
    const peer = { join: () => Promise.resolve(talk) } as unknown as Peer
    const session = new TraceSession(peer, new FakeGroup() as unknown as Group<unknown, unknown>, listener)
    await Promise.resolve()
    return { talk, heard, session, listener }
  }
  const rows = (t: number): object => ({ member: 'bob.1', rows: [writeRow(send(t, 'bob.1', t))] })
  /** Bob's clock is 5 s fast. */
  const pong = (): object => {
    const now = pageTime()
    return { pong: 'me', asked: now, heard: now + 5_000, said: now + 5_000 }
  }

  it('takes nothing of a member before its clock is known', async () => {
    const { talk, heard, session } = await open()
    talk.hear(rows(1))
    talk.hear(rows(2))
    expect(heard).toEqual([])
    talk.hear(pong())
    expect(heard).toEqual([['bob', -5_000], 1, 2])
    talk.hear(rows(3))
    expect(heard.at(-1)).toBe(3)
    session.close()
  })

  it('asks for the time while somebody here wants to know it, and tells it to whoever asks', async () => {
    const { talk, heard, session } = await open({ wanted: false })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(talk.words('ping')).toEqual([])
    expect(talk.words('rows')).not.toEqual([])
    talk.hear({ ping: 7 })
    expect(talk.words('pong')).toEqual(['bob'])
    talk.hear(rows(1))
    talk.hear(pong())
    expect(heard).toEqual([['bob', -5_000]])
    session.close()
  })

  it('tells one who wants it later what is known of the clocks', async () => {
    const { talk, heard, session, listener } = await open()
    talk.hear(pong())
    heard.length = 0
    const before = talk.words('ping').length
    session.welcome(listener)
    expect(heard).toEqual([['bob', -5_000]])
    expect(talk.words('ping')).toHaveLength(before + 1)
    session.close()
  })

  it('believes a member nothing of another one', async () => {
    const { talk, heard, session } = await open()
    talk.hear(pong())
    talk.hear({ member: 'cy.1', rows: [writeRow(send(1, 'cy.1', 1))] })
    talk.hear({ member: 'bob.1', rows: [null, 7, { event: 'install', t: 1 }] })
    expect(heard).toEqual([['bob', -5_000]])
    session.close()
  })
})

describe('the wish for the traces of others', () => {
  const diagram = () => ({ take() {}, offset() {} })

  function share() {
    const host = new FakeHost()
    return { host, sharing: TraceSharing.of(host as unknown as GroupHost) }
  }

  it('is told once, and once more when it is over', () => {
    const { host, sharing } = share()
    const [one, other] = [diagram(), diagram()]
    const close = sharing.open(one)
    sharing.open(other)
    sharing.want(one, true)
    sharing.want(other, true)
    expect(host.casts).toMatchObject([{ wants: true }])
    host.deliver()
    expect(sharing.save()).toEqual(['me'])
    close()
    expect(host.casts).toEqual([])
    sharing.want(other, false)
    expect(host.casts).toMatchObject([{ wants: false }])
  })

  it('is taken back even before the group has delivered it', () => {
    const { host, sharing } = share()
    const one = diagram()
    sharing.open(one)
    sharing.want(one, true)
    sharing.want(one, false)
    host.deliver()
    expect(sharing.save()).toEqual([])
    sharing.want(one, true)
    const close = sharing.open(diagram())
    close()
    host.deliver()
    expect(sharing.save()).toEqual(['me'])
  })

  it.each([7, null, [7, '', 'a b', {}]])('makes nothing of %j', (saved) => {
    const { sharing } = share()
    sharing.load(saved)
    expect(sharing.save()).toEqual([])
  })
})
