import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ConnectOptions, FailureEvent, type Group, StatusEvent, TuttiError } from '../../peer/index.ts'
import { GroupHost, type Trouble } from '../../ui/group/group-host.ts'
import { tellVisitor } from '../../ui/group/introducer.ts'
import type { SavedParts } from '../../ui/group/parts.ts'

let connected: ConnectOptions[] = []
const peer = Object.assign(new EventTarget(), { join: () => new Promise(() => {}), close: () => {} })
vi.mock('../../peer/index.ts', async (original) => ({
  ...(await original<object>()),
  connect: (options: ConnectOptions) => {
    connected.push(options)
    return peer
  },
}))

afterEach(() => {
  connected = []
  vi.unstubAllGlobals()
})

describe('what the host connects with', () => {
  it('is what the page gives, with the name and the colour on top', () => {
    const options = { witness: false, metadata: { team: 'red' }, name: 'Nobody' }
    const profile = { name: 'Ada', color: 3 }
    void new GroupHost().join({ signaling: 'http://server', room: 'room', profile, options })
    expect(connected).toEqual([
      { signaling: 'http://server', name: 'Ada', witness: false, metadata: { team: 'red', color: 3 } },
    ])
  })

  it('is a way without a server where the page asks for one', async () => {
    vi.stubGlobal('BroadcastChannel', class {})
    vi.stubGlobal('navigator', { locks: {} })
    void new GroupHost().join({ signaling: 'local:room-42', room: 'room', profile: { name: 'Ada' } })
    await vi.waitFor(() => expect(connected).toHaveLength(1))
    expect(connected[0]!.signaling).toHaveProperty('enter')
  })

  it('is nothing once the page has left again', async () => {
    vi.stubGlobal('BroadcastChannel', class {})
    vi.stubGlobal('navigator', { locks: {} })
    const host = new GroupHost()
    const joining = host.join({ signaling: 'local:', room: 'room', profile: { name: 'Ada' } })
    void host.leave()
    await expect(joining).rejects.toThrow()
    expect([host.phase, connected]).toEqual(['left', []])
  })
})

describe('a browser that can not', () => {
  it('bring tabs together without a server is told what that takes', async () => {
    vi.stubGlobal('navigator', {})
    const host = new GroupHost()
    const joining = host.join({ signaling: 'local:', room: 'room', profile: { name: 'Ada' } })
    await expect(joining).rejects.toThrow('only on a page served by https or from localhost')
    expect([host.phase, host.error]).toEqual(['failed', expect.objectContaining({ code: 'unsupported' })])
  })

  it('connect people says so in their words, and keeps the reason', () => {
    const error = new TuttiError('unsupported', 'there is no WebRTC here: pass an implementation as `wrtc`')
    expect(tellVisitor(error)).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('This browser has no WebRTC'),
      cause: error,
    })
    vi.stubGlobal('RTCPeerConnection', class {})
    expect(tellVisitor(error)).toBe(error)
    expect(tellVisitor(7)).toBe(7)
  })
})

describe('what the server refuses', () => {
  it('comes as trouble, even while joining goes on', () => {
    const host = new GroupHost()
    const troubles: unknown[] = []
    host.addEventListener('trouble', (event) => troubles.push((event as Trouble).error))
    void host.join({ signaling: 'http://server', room: 'room', profile: { name: 'Me' } })
    const error = new TuttiError('not-admitted', 'a token is asked for')
    peer.dispatchEvent(new FailureEvent({ error }))
    expect([host.phase, troubles]).toEqual(['joining', [error]])
  })
})

describe('what an element multicasts', () => {
  it('is refused while the member is coming back, since it would not be sent', () => {
    const host = new GroupHost()
    const value = { tutti: 'chat' }
    expect(host.cast('cbcast', value)).toBe(false)
    const group = { status: 'rejoining', cbcast: vi.fn(() => 'receipt') }
    host.group = group as unknown as Group<unknown, SavedParts>
    expect(host.cast('cbcast', value)).toBe(false)
    group.status = 'member'
    expect(host.cast('cbcast', value)).toBe(true)
    expect(group.cbcast.mock.calls).toEqual([[value, undefined]])
  })

  it('goes by any of the three ways, with bytes in it and a way to take it back', () => {
    const host = new GroupHost()
    const fbcast = vi.fn(() => 'receipt')
    host.group = { status: 'member', fbcast } as unknown as Group<unknown, SavedParts>
    const value = { tutti: 'files', bytes: new Uint8Array(3), blob: new Blob(['x']) }
    const options = { signal: new AbortController().signal }
    expect(host.send('fbcast', value, options)).toBe('receipt')
    expect(fbcast.mock.calls).toEqual([[value, options]])
  })

  it('comes as trouble where it can not be sent', () => {
    const host = new GroupHost()
    const troubles: unknown[] = []
    host.addEventListener('trouble', (event) => troubles.push((event as Trouble).error))
    const error = new TuttiError('queue-full', 'too much waits')
    const cbcast = (): never => {
      throw error
    }
    host.group = { status: 'member', cbcast } as unknown as Group<unknown, SavedParts>
    expect([host.cast('cbcast', { tutti: 'chat' }), troubles]).toEqual([false, [error]])
  })
})

describe('what is worth something only at once', () => {
  it('is not sent while anything holds it up, and lost without a word', async () => {
    const host = new GroupHost()
    const fbcast = vi.fn(() => Promise.reject(new TuttiError('excluded', 'left out', { fate: 'not-sent' })))
    const group = { status: 'blocked', fbcast }
    host.group = group as unknown as Group<unknown, SavedParts>
    expect(host.sendFleeting({ tutti: 'cursors' })).toBeUndefined()
    group.status = 'member'
    await expect(host.sendFleeting({ tutti: 'cursors' })).rejects.toThrow('left out')
    expect(fbcast).toHaveBeenCalledTimes(1)
  })
})

describe('a membership that ends', () => {
  it('keeps the reason, if it was not asked for', async () => {
    for (const isAsked of [false, true]) {
      const group = Object.assign(new EventTarget(), { status: 'member', leave: () => {} })
      const joining = vi.spyOn(peer, 'join').mockReturnValue(Promise.resolve(group) as never)
      const host = new GroupHost()
      await host.join({ signaling: 'http://server', room: 'room', profile: { name: 'Ada' } })
      joining.mockRestore()
      if (isAsked) void host.leave()
      const error = new TuttiError('excluded', 'left out for good')
      group.dispatchEvent(new FailureEvent({ error }))
      group.dispatchEvent(new StatusEvent({ status: 'left' }))
      expect([host.phase, host.error]).toEqual(['left', isAsked ? undefined : error])
    }
  })
})
