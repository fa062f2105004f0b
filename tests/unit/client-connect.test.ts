import { describe, expect, it } from 'vitest'
import { TuttiError } from '../../peer/base/errors.ts'
import type { ConnectOptions } from '../../peer/client/types.ts'
import { connect } from '../../peer/index.ts'
import type { Signaling } from '../../peer/transport/signaling.ts'
import { thrown } from './client-support.ts'

/** Nobody answers. */
const silence: Signaling = {
  open() {},
  enter() {},
  leave() {},
  announce() {},
  signal() {},
  close() {},
}
const wrtc = { RTCPeerConnection: class {}, RTCSessionDescription: class {}, RTCIceCandidate: class {} }

const throwing = {
  get me() {
    throw new Error('not now')
  },
}

describe('connect', () => {
  it.each<{ what: string; options: object; code: string; names: string }>([
    { what: 'a passphrase', options: { passphrase: 'secret' }, code: 'unsupported', names: 'passphrase' },
    { what: 'a witness that is none', options: { witness: 'yes' }, code: 'invalid-option', names: 'witness' },
    { what: 'several servers', options: { signaling: [silence, silence] }, code: 'unsupported', names: 'several' },
    { what: 'no server', options: { signaling: [] }, code: 'invalid-option', names: 'signaling' },
    { what: 'no address', options: { signaling: 'http://' }, code: 'invalid-option', names: 'signaling' },
    { what: 'an unknown option', options: { colour: 'red' }, code: 'unsupported', names: 'colour' },
    { what: 'an unknown limit', options: { config: { patienceMs: 1 } }, code: 'invalid-option', names: 'patienceMs' },
    { what: 'a limit that is none', options: { config: { retryMs: -1 } }, code: 'invalid-option', names: 'retryMs' },
    {
      what: 'a limit without effect',
      options: { config: { fragmentBytes: 0 } },
      code: 'invalid-option',
      names: 'from 1',
    },
    {
      what: 'a time no timer takes',
      options: { config: { suspectAfterMs: 3e9 } },
      code: 'invalid-option',
      names: 'to 2',
    },
    { what: 'an inherited limit', options: { config: { valueOf: 1 } }, code: 'invalid-option', names: 'no valueOf' },
    { what: 'a name that is none', options: { name: 7 }, code: 'invalid-option', names: 'name' },
    { what: 'an oversized name', options: { name: 'x'.repeat(5_000) }, code: 'too-large', names: 'memberInfoBytesMax' },
    { what: 'metadata that is no data', options: { metadata: { f() {} } }, code: 'not-encodable', names: '.f' },
    { what: 'metadata that throws', options: { metadata: throwing }, code: 'not-encodable', names: 'reading' },
    { what: 'wrtc that is none', options: { wrtc: {} }, code: 'invalid-option', names: 'wrtc' },
  ])('throws at the call, and says what is wrong: $what', ({ options, code, names }) => {
    const error = thrown(() => connect({ signaling: silence, wrtc, ...options } as ConnectOptions))
    expect(error).toBeInstanceOf(TuttiError)
    expect(error.code).toBe(code)
    expect(error.message).toContain(names)
  })

  it('returns at once, with a new id each time', async () => {
    const peers = [connect({ signaling: silence, wrtc }), connect({ signaling: [silence], wrtc, witness: true })]
    expect(peers.map(({ signaling, links }) => [signaling, links])).toEqual([
      ['connecting', []],
      ['connecting', []],
    ])
    expect(new Set(peers.map(({ id }) => id)).size).toBe(2)
    for (const { id } of peers) expect(id).toMatch(/^[A-Za-z0-9._~-]{17,60}$/)
    for (const peer of peers) await peer.close()
    await expect(peers[0]!.join('room')).rejects.toMatchObject({ code: 'closed' })
  })

  it('takes a way of signaling that fails to enter a room for one that may do so the next time', async () => {
    const enter = () => {
      throw new Error('not now')
    }
    const peer = connect({ signaling: { ...silence, enter }, wrtc })
    for (let i = 0; i < 2; i++) await expect(peer.join('room')).rejects.toMatchObject({ code: 'not-admitted' })
    await peer.close()
  })
})
