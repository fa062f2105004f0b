import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Lineage, PeerId } from '../../peer/base/ids.ts'
import type { Signaling } from '../../peer/transport/signaling.ts'
import { localSignaling } from '../../peer/transport/signaling-local.ts'
import { Recorder } from '../contract/signaling-harness.ts'
import { FakeBrowser } from './transport-local-browser.ts'

const standing = { lineage: 'alpha' as Lineage, number: 3 }

interface Tab {
  readonly id: PeerId
  readonly signaling: Signaling
  readonly heard: Recorder
  crash(): void
}

describe('signaling between the tabs of one browser', () => {
  let browser: FakeBrowser
  let tabs: Tab[]

  beforeEach(() => {
    browser = new FakeBrowser()
    tabs = []
  })

  afterEach(() => {
    for (const { signaling } of tabs) signaling.close()
    vi.unstubAllGlobals()
  })

  const open = async (name: string, channel = 'test'): Promise<Tab> => {
    const id = name as PeerId
    const tab = { id, heard: new Recorder(), ...browser.tab({ name: channel }) }
    tabs.push(tab)
    tab.signaling.open(id, tab.heard)
    await tab.heard.hears(['state', 'open'])
    tab.signaling.enter('hall')
    await tab.heard.until(() => tab.heard.heard.some(([what]) => what === 'room'), 'the room')
    return tab
  }

  it('names one founder, and tells who comes and who leaves', async () => {
    const a = await open('a')
    await a.heard.hears(['founder', 'hall'])
    a.signaling.announce('hall', standing)
    const b = await open('b')
    await b.heard.hears(['room', 'hall', ['a']])
    await a.heard.hears(['entered', 'hall', 'b'])
    b.signaling.close()
    await a.heard.hears(['left', 'hall', 'b', false])
    expect(b.heard.count(['founder', 'hall'])).toBe(0)
  })

  it('hands signals over as they are', async () => {
    const [a, b] = [await open('a'), await open('b')]
    a.signaling.signal('hall', b.id, { sdp: 'x', list: [1, null] })
    await b.heard.hears(['signal', 'a', { sdp: 'x', list: [1, null] }])
  })

  it('tells of a tab that vanishes as of one that crashes', async () => {
    const [a, b] = [await open('a'), await open('b')]
    b.signaling.vanish!()
    await a.heard.hears(['left', 'hall', 'b', true])
    const again = await open('b')
    await again.heard.hears(['room', 'hall', ['a']])
  })

  it('forgets what was left or withdrawn while the introducer was about to hear of it', async () => {
    const a = await open('a')
    await a.heard.hears(['founder', 'hall'])
    const late: Tab = { id: 'b' as PeerId, heard: new Recorder(), ...browser.tab({ name: 'test' }) }
    tabs.push(late)
    late.signaling.open(late.id, late.heard)
    // Told with the hello, which leaves in the next turn.
    late.signaling.enter('attic')
    late.signaling.enter('cellar')
    late.signaling.announce('cellar', standing)
    await new Promise<void>((resolve) => queueMicrotask(resolve))
    late.signaling.leave('attic')
    late.signaling.announce('cellar', undefined)
    await late.heard.hears(['founder', 'cellar'])
    a.signaling.enter('attic')
    await a.heard.hears(['founder', 'attic'])
  })

  it('tells of a tab that crashes', async () => {
    const [a, b] = [await open('a'), await open('b')]
    b.crash()
    await a.heard.hears(['left', 'hall', 'b', true])
  })

  it('goes on in another tab when the one that introduces is gone, and names no second founder', async () => {
    const a = await open('a')
    await a.heard.hears(['founder', 'hall'])
    const b = await open('b')
    const c = await open('c')
    b.signaling.announce('hall', standing)
    a.crash()
    for (const tab of [b, c]) {
      await tab.heard.hears(['state', 'unreachable'])
      await tab.heard.until(() => tab.heard.count(['state', 'open']) === 2, 'the next introducer')
    }
    const d = await open('d')
    await d.heard.hears(['room', 'hall', ['b', 'c']])
    d.signaling.signal('hall', b.id, 'hello')
    await b.heard.hears(['signal', 'd', 'hello'])
    for (const tab of [b, c, d]) expect(tab.heard.count(['founder', 'hall'])).toBe(0)
  })

  it('keeps tabs with different names apart, and opens again after it was closed', async () => {
    const a = await open('a', 'one')
    const b = await open('b', 'two')
    await b.heard.hears(['room', 'hall', []])
    await a.heard.hears(['founder', 'hall'])
    await b.heard.hears(['founder', 'hall'])
    a.signaling.close()
    expect(() => b.signaling.open('b' as PeerId, b.heard)).toThrow('opened once')
    const c = await open('c', 'one')
    await c.heard.hears(['founder', 'hall'])
  })

  it('says so where the browser grants no locks', async () => {
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        postMessage(): void {}
        close(): void {}
      },
    )
    vi.stubGlobal('navigator', { locks: { request: () => Promise.reject(new Error('not in this frame')) } })
    const [signaling, heard] = [localSignaling(), new Recorder()]
    signaling.open('a' as PeerId, heard)
    await heard.until(() => heard.heard.some(([what]) => what === 'refused'), 'the reason')
    expect(heard.heard).toEqual([
      ['state', 'unreachable'],
      ['refused', expect.stringContaining('not in this frame'), undefined],
    ])
    signaling.close()
  })

  it('says what it needs where it cannot work', () => {
    vi.stubGlobal('navigator', {})
    expect(() => localSignaling()).toThrow(expect.objectContaining({ code: 'unsupported' }))
    expect(() => localSignaling()).toThrow('https')
  })
})
