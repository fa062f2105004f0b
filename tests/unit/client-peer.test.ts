import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { PeerId } from '../../peer/base/ids.ts'
import { encodeInfo } from '../../peer/client/member-info.ts'
import type { Peer } from '../../peer/client/types.ts'
import type { SignalingListener } from '../../peer/transport/signaling.ts'
import type { LinkInfo, TransportListener } from '../../peer/transport/transport.ts'
import { packGreeting } from '../../peer/wire/frame.ts'
import { failure, install, ManualClock, ScriptedEngine, turn } from './client-support.ts'

vi.mock('../../peer/engine/engine.ts', async () => ({ Engine: (await import('./client-support.ts')).ScriptedEngine }))
const { createPeer } = await import('../../peer/client/peer.ts')
const { localRuntime } = await import('../../peer/client/local-runtime.ts')

interface World {
  peer: Peer
  clock: ManualClock
  /** What the peer asked of the server and of the links, in order. */
  calls: string[]
  server: SignalingListener
  links: TransportListener
  wanted: Set<string>
  /** The links that the transport tells of. */
  states: Map<string, LinkInfo['state']>
}

function world(): World {
  const clock = new ManualClock()
  const calls: string[] = []
  const wanted = new Set<string>()
  const states: World['states'] = new Map()
  let [server, links]: [SignalingListener | undefined, TransportListener | undefined] = [undefined, undefined]
  let names = 0
  const peer = createPeer({
    info: encodeInfo('Me', null, 1_000),
    config: DEFAULT_CONFIG,
    clock,
    random: () => (names++ === 0 ? 'me' : `name${names}`),
    iceServers: undefined,
    trace: undefined,
    signaling: {
      open: (_self, listener) => {
        server = listener
      },
      enter: (room) => calls.push(`enter ${room}`),
      leave: (room) => calls.push(`leave ${room}`),
      announce: (room, standing) => calls.push(`announce ${room} ${standing?.number}`),
      signal: (room, to, data) => calls.push(`signal ${room} ${to} ${data}`),
      close: () => calls.push('signaling closed'),
    },
    runtime: localRuntime({
      clock,
      transport: ({ signal }) => ({
        listen: (listener) => {
          links = listener
        },
        want: (other) => {
          wanted.add(other)
          signal(other, 'offer')
        },
        unwant: (other) => wanted.delete(other),
        send: () => {},
        reset: (other) => calls.push(`reset ${other}`),
        links: () =>
          [...states].map(([other, state]) => ({ peer: other as PeerId, state, roundTripMs: 1, bytesQueued: 0 })),
        frameBytesMax: 1_000,
        close: () => calls.push('links closed'),
      }),
    }),
  })
  return { peer, clock, calls, server: server!, links: links!, wanted, states }
}

/** Has the last engine put out a view, and waits for what follows. */
async function enterView(clock: ManualClock, ...view: Parameters<typeof install>): Promise<void> {
  ScriptedEngine.last.answer = (input) => (input.type === 'hint' ? [install(...view)] : [])
  await clock.pass(0)
}

const ids = (...names: string[]): PeerId[] => names as PeerId[]

describe('links', () => {
  it('are wanted to all in the room, and no longer to one who left it', async () => {
    const { peer, server, wanted, calls } = world()
    void peer.join('room')
    await turn()
    server.room('room', ids('a', 'b'))
    server.entered('room', 'c' as PeerId)
    expect([...wanted]).toEqual(['a', 'b', 'c'])
    expect(calls).toEqual(['enter room', 'signal room a offer', 'signal room b offer', 'signal room c offer'])
    server.left('room', 'b' as PeerId, false)
    expect([...wanted]).toEqual(['a', 'c'])
  })

  it('to one whose socket is gone are kept for a while, and the engine gets a hint', async () => {
    const { peer, server, wanted, clock } = world()
    void peer.join('room')
    await turn()
    server.room('room', ids('a'))
    server.left('room', 'a' as PeerId, true)
    expect(ScriptedEngine.last.inputs).toEqual([{ type: 'hint', peer: 'a' }])
    await clock.pass(59_999)
    expect([...wanted]).toEqual(['a'])
    await clock.pass(1)
    expect([...wanted]).toEqual([])
  })

  it('are wanted to all members of the view, whatever the server says', async () => {
    const { peer, server, wanted, clock, calls } = world()
    const join = peer.join('room')
    await turn()
    server.room('room', ids('a'))
    await enterView(clock, 2, ['a.1', 'b.1', 'me.1'])
    server.left('room', 'a' as PeerId, true)
    await join
    await clock.pass(100_000)
    expect([...wanted].sort()).toEqual(['a', 'b'])
    expect(calls).toContain('announce room 2')
  })

  it('that one group needs stay when another is left', async () => {
    const { peer, server, wanted, clock } = world()
    const first = peer.join('first')
    await turn()
    const engine = ScriptedEngine.last
    await enterView(clock, 1, ['me.1'])
    server.room('first', ids('a', 'b'))
    server.left('first', 'c' as PeerId, true)
    engine.answer = (input) => (input.type === 'leave' ? [{ type: 'ended', reason: 'left' }] : [])
    const group = await first
    await clock.pass(0)
    void peer.join('second')
    await turn()
    server.room('second', ids('b'))
    await group.leave()
    await clock.pass(60_000)
    expect([...wanted]).toEqual(['b'])
  })
})

describe('links that come to nothing', () => {
  it('are tried at once with those who are in reach again, unless they are up', async () => {
    const { peer, server, wanted, calls, states } = world()
    void peer.join('room')
    await turn()
    server.room('room', ids('a', 'b', 'c'))
    states.set('a', 'connecting').set('b', 'direct').set('c', 'connecting')
    server.left('room', 'a' as PeerId, true)
    calls.length = 0
    server.entered('room', 'a' as PeerId)
    expect(calls).toEqual(['reset a', 'signal room a offer'])
    server.entered('room', 'a' as PeerId)
    expect(calls).toHaveLength(2)
    // After a reconnect of this peer, with all.
    server.room('room', ids('a', 'b', 'c'))
    expect(calls.slice(2)).toEqual(['reset a', 'signal room a offer', 'reset c', 'signal room c offer'])
    expect([...wanted]).toEqual(['a', 'b', 'c'])
  })
})

describe('the server', () => {
  it('in reach or out of it shows, with an event', () => {
    const { peer, server } = world()
    const states: string[] = []
    peer.addEventListener('signaling', ({ state }) => states.push(state))
    for (const state of ['open', 'open', 'unreachable', 'connecting', 'open'] as const) server.state(state)
    expect(states).toEqual(['open', 'unreachable', 'connecting', 'open'])
    expect(peer.signaling).toBe('open')
  })

  it('names a founder: the engine gets a fresh lineage', async () => {
    const { peer, server } = world()
    void peer.join('room')
    await turn()
    server.founder('room')
    server.founder('unknown')
    expect(ScriptedEngine.last.inputs).toEqual([{ type: 'found', lineage: 'name2', fates: [] }])
  })

  it('that does not let the peer into a room makes join reject', async () => {
    const { peer, server } = world()
    ScriptedEngine.prototype.step = leaving
    const join = peer.join('room')
    await turn()
    server.refused('the room is full', 'room')
    expect(await failure(join)).toMatchObject({ code: 'not-admitted' })
  })

  it('that refuses something else shows in an event, and joining goes on', async () => {
    const { peer, server } = world()
    const errors: string[] = []
    peer.addEventListener('error', ({ error }) => errors.push(error.message))
    let settled = false
    void peer.join('room').finally(() => {
      settled = true
    })
    await turn()
    server.room('room', ids('a'))
    server.refused('too many bytes at once, slow down', 'room')
    server.refused('no token')
    await turn()
    expect(settled).toBe(false)
    expect(errors.map((message) => message.split(': ').at(-1))).toEqual([
      'too many bytes at once, slow down',
      'no token',
    ])
  })
})

describe('a peer of another version', () => {
  it('makes joining its room reject, and shows in an event', async () => {
    const { peer, server, links } = world()
    ScriptedEngine.prototype.step = leaving
    const errors: string[] = []
    peer.addEventListener('error', ({ error }) => errors.push(error.code))
    const join = peer.join('room')
    await turn()
    server.room('room', ids('a'))
    links.up('a' as PeerId)
    links.frame('a' as PeerId, packGreeting({ version: 99, groups: [] }))
    expect(await failure(join)).toMatchObject({ code: 'version-mismatch' })
    expect(errors).toEqual(['version-mismatch'])
  })
})

describe('closing', () => {
  it('leaves the groups first, then closes links and server; join rejects', async () => {
    const { peer, calls } = world()
    ScriptedEngine.prototype.step = leaving
    const join = peer.join('room')
    await turn()
    const closing = peer.close()
    expect(await failure(join)).toMatchObject({ code: 'closed' })
    await closing
    expect(calls).toEqual(['enter room', 'announce room undefined', 'leave room', 'links closed', 'signaling closed'])
  })
})

describe('joining again', () => {
  it('waits until the group is left, or the signal aborts', async () => {
    const { peer, clock, server } = world()
    const joining = peer.join('room')
    await turn()
    await enterView(clock, 1, ['me.1'])
    server.left('room', 'a' as PeerId, true)
    void (await joining).leave()
    const controller = new AbortController()
    const again = failure(peer.join('room', { signal: controller.signal }))
    await turn()
    controller.abort('enough')
    expect(await again).toMatchObject({ code: 'aborted', cause: 'enough' })
  })
})

describe('a page that goes', () => {
  const listeners = new Map<string, (event: { persisted: boolean }) => void>()

  beforeEach(() => {
    vi.stubGlobal('addEventListener', (type: string, listener: () => void) => listeners.set(type, listener))
    vi.stubGlobal('removeEventListener', (type: string) => listeners.delete(type))
  })

  afterEach(() => vi.unstubAllGlobals())

  it('gives its votes away and closes everything in that turn', async () => {
    const { peer, calls } = world()
    const join = peer.join('room')
    await turn()
    listeners.get('pagehide')!({ persisted: false })
    expect(ScriptedEngine.last.inputs).toEqual([{ type: 'close' }])
    expect(calls.slice(-2)).toEqual(['links closed', 'signaling closed'])
    expect(await failure(join)).toMatchObject({ code: 'closed' })
    expect(await failure(peer.join('other'))).toMatchObject({ code: 'closed' })
    expect(listeners.size).toBe(0)
    await peer.close()
  })
})

const step = ScriptedEngine.prototype.step

/** An engine that lets go as soon as it is asked to. */
function leaving(this: ScriptedEngine, now: number, input: Parameters<typeof step>[1]): void {
  step.call(this, now, input)
  if (input.type === 'leave') this.script([{ type: 'ended', reason: 'left' }])
}

afterEach(() => {
  ScriptedEngine.prototype.step = step
})
