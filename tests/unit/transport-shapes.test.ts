import { describe, expect, it } from 'vitest'
import { bytesIn } from '../../peer/transport/shapes.ts'
import { checkPeerId, checkRoomName, isIceServers, isPeers } from '../../peer/transport/signaling-checks.ts'

describe('bytes from the network', () => {
  it.each([
    ['a buffer, as in a page', Uint8Array.of(1, 2, 3).buffer],
    ['a view into more, as in Node', Buffer.from([0, 1, 2, 3, 4]).subarray(1, 4)],
  ])('are read from %s', (_, data) => {
    const read = bytesIn(data)
    expect(read).toEqual(Uint8Array.of(1, 2, 3))
    expect(Object.getPrototypeOf(read)).toBe(Uint8Array.prototype)
  })

  it.each([undefined, null, 'text', 7, [1, 2], {}, new Uint16Array(2)])('are not found in %j', (data) => {
    expect(bytesIn(data)).toBeUndefined()
  })
})

describe('what the server says', () => {
  it.each([
    [[]],
    [[{ urls: 'stun:a' }]],
    [[{ urls: ['turn:a', 'turn:b'], username: 'me', credential: 'secret', more: 1 }]],
  ])('has ICE servers: %j', (data) => expect(isIceServers(data)).toBe(true))

  it.each([
    [undefined],
    ['stun:a'],
    [[null]],
    [[{}]],
    [[{ urls: 7 }]],
    [[{ urls: 'x'.repeat(513) }]],
    [[{ urls: new Array(17).fill('stun:a') }]],
    [[{ urls: ['stun:a', null] }]],
    [[{ urls: 'turn:a', username: 7 }]],
    [[{ urls: 'turn:a', credential: 'x'.repeat(513) }]],
    [new Array(65).fill({ urls: 'stun:a' })],
  ])('has no ICE servers: %j', (data) => expect(isIceServers(data)).toBe(false))

  it('has peers only if each is named as a peer is', () => {
    expect(isPeers(['a', 'B-7_~.'])).toBe(true)
    for (const data of [undefined, 'a', [1], ['a', 'no name'], [''], new Array(100_001).fill('a')]) {
      expect(isPeers(data)).toBe(false)
    }
  })
})

describe('names', () => {
  it('of rooms are text of a bounded length', () => {
    for (const room of ['a', '日本 🎈', 'x'.repeat(128)]) checkRoomName(room)
    for (const room of ['', 'x'.repeat(129), 'half \ud800', undefined, 7]) {
      expect(() => checkRoomName(room)).toThrowError(expect.objectContaining({ code: 'invalid-option' }))
    }
  })

  it('of peers are names', () => {
    checkPeerId('a')
    for (const peer of ['', 'no name', 'x'.repeat(65), undefined]) {
      expect(() => checkPeerId(peer)).toThrowError(expect.objectContaining({ code: 'invalid-option' }))
    }
  })
})
