import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { Signaling, TuttiError } from '../../peer/index.ts'
import { type ProviderOptions, TuttiProvider } from '../../peer/yjs/index.ts'
import { eventually, Rig } from '../contract/group-support.ts'
import { thrown } from './client-support.ts'
import { deafWrtc } from './transport-deaf-wrtc.ts'
import { converged, sameContent, together, type Writer, writer, writers } from './yjs-support.ts'

// Providers over real engines, in one process.

let rig: Rig

beforeEach(() => {
  rig = new Rig()
})

afterEach(() => rig.close())

describe('TuttiProvider', () => {
  it('brings edits to the others, and all there is to one who comes later', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    a.text.insert(0, 'hello')
    await converged([a, b], 'hello')
    b.text.delete(0, 1)
    b.text.insert(0, 'J')
    const c = writer(rig)
    await together([a, b, c])
    await converged([a, b, c], 'Jello')
  })

  it('merges what was written before joining, on both sides', async () => {
    const a = writer(rig)
    a.text.insert(0, 'from A. ')
    await together([a])
    const b = writer(rig)
    b.text.insert(0, 'from B. ')
    b.text.insert(0, 'xx')
    b.text.delete(0, 2)
    await together([a, b])
    await converged([a, b])
    expect(a.text.toString().length).toBe(16)
  })

  it('sends one multicast for all edits of a turn', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    let messages = 0
    b.provider.group!.addEventListener('message', ({ value }) => {
      if ((value as { op: string }).op === 'update') messages++
    })
    for (let i = 0; i < 1_000; i++) a.text.insert(i, 'x')
    await converged([a, b], 'x'.repeat(1_000))
    expect(messages).toBe(1)
  })

  it('takes what comes as no change of its own: nothing is sent twice', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    const sent: unknown[] = []
    a.provider.group!.addEventListener('message', ({ value, from }) => {
      if (from.id === b.provider.group!.self.id) sent.push((value as { op: string }).op)
    })
    a.text.insert(0, 'hello')
    await converged([a, b], 'hello')
    b.text.insert(5, '!')
    await converged([a, b], 'hello!')
    expect(sent).toEqual(['update'])
  })

  it('carries a change that is larger than any message may be', async () => {
    const [a, b] = (await writers(rig, 2, { config: { messageBytesMax: 100_000 } })) as [Writer, Writer]
    const large = 'abcdefghij'.repeat(50_000)
    a.text.insert(0, large)
    a.text.insert(0, 'first ')
    await converged([a, b], `first ${large}`)
  })

  it('gives one who joins amid a large change the parts that have come', async () => {
    const [a, b] = (await writers(rig, 2, { config: { messageBytesMax: 20_000 } })) as [Writer, Writer]
    const large = 'abcdefghij'.repeat(100_000)
    a.text.insert(0, large)
    const c = writer(rig, { config: { messageBytesMax: 20_000 } })
    await together([a, b, c])
    await converged([a, b, c], large)
  })

  it('merges what was written while disconnected', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    a.text.insert(0, 'shared. ')
    await converged([a, b], 'shared. ')
    b.provider.disconnect()
    expect([b.provider.connected, b.provider.synced, b.provider.group]).toEqual([false, false, null])
    await eventually(() => a.provider.group!.view.members.length).toBe(1)
    b.text.delete(0, 3)
    b.text.insert(0, 'offline ')
    a.text.insert(0, 'meanwhile ')
    b.provider.connect()
    await together([a, b])
    await converged([a, b])
    expect(a.text.toString()).toContain('offline red. ')
  })

  it('sends nothing at coming back where nothing was written', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    a.text.insert(0, 'shared')
    a.text.delete(1, 2)
    await converged([a, b], 'sred')
    b.provider.disconnect()
    await eventually(() => a.provider.group!.view.members.length).toBe(1)
    const ops: string[] = []
    a.provider.group!.addEventListener('message', ({ value }) => ops.push((value as { op: string }).op))
    b.provider.connect()
    await together([a, b])
    await eventually(() => ops).toContain('hello')
    expect(ops).not.toContain('update')
  })

  it.each(['fork', 'block'] as const)(
    'merges what two sides wrote while cut off from each other (%s)',
    async (onQuorumLoss) => {
      const all = await writers(rig, 4, { onQuorumLoss })
      const [a, b, c, d] = all as [Writer, Writer, Writer, Writer]
      a.text.insert(0, 'base ')
      await converged(all, 'base ')
      rig.split([a.peer, b.peer, c.peer], [d.peer])
      a.text.insert(0, 'many ')
      d.text.insert(0, 'alone ')
      d.text.delete(6, 1)
      const sizes = (): number[] => all.map(({ provider }) => provider.group!.view.members.length)
      await eventually(sizes).toEqual(onQuorumLoss === 'fork' ? [3, 3, 3, 1] : [3, 3, 3, 4])
      await converged([a, b, c])
      d.text.insert(0, 'still ')
      rig.mend()
      await together(all)
      await converged(all)
      const text = a.text.toString()
      for (const word of ['many ', 'still ', 'alone ', 'ase ']) expect(text).toContain(word)
    },
  )

  it('says where it stands: status, synced, peers', async () => {
    const a = writer(rig, { connect: false })
    const told: unknown[] = []
    a.provider.on('status', (event) => told.push(event))
    a.provider.on('synced', (event) => told.push(event))
    a.provider.on('peers', ({ added, removed, webrtcPeers, bcPeers }) =>
      told.push([added.length, removed.length, webrtcPeers.length, bcPeers.length]),
    )
    expect(a.provider.shouldConnect).toBe(false)
    a.provider.connect()
    await together([a])
    const b = writer(rig)
    await together([a, b])
    b.provider.destroy()
    await eventually(() => told.length).toBe(4)
    a.provider.disconnect()
    expect(told).toEqual([
      { connected: true },
      { synced: true },
      [1, 0, 1, 0],
      [0, 1, 0, 0],
      { synced: false },
      { connected: false },
    ])
    expect(a.doc.isSynced).toBe(false)
  })

  it('tells that the others are gone when it goes itself', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    const removed: string[] = []
    a.provider.on('peers', (event) => removed.push(...event.removed))
    const other = b.provider.group!.self.id
    a.provider.disconnect()
    expect(removed).toEqual([other])
  })

  it('stays in the group where a handler of the application fails', async () => {
    const a = writer(rig, { connect: false })
    a.provider.once('status', () => {
      throw new Error('a handler')
    })
    const uncaught: unknown[] = []
    const note = (error: unknown): void => void uncaught.push(error)
    const before = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note)
    a.provider.connect()
    await eventually(() => uncaught).toEqual([new Error('a handler')])
    process.removeAllListeners('unhandledRejection')
    for (const listener of before) process.on('unhandledRejection', listener)
    expect([a.provider.shouldConnect, a.provider.group?.status]).toEqual([true, 'member'])
  })

  it('ends with its document', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    b.doc.destroy()
    await eventually(() => a.provider.group!.view.members.length).toBe(1)
    expect([...a.provider.awareness.getStates().keys()]).toEqual([a.doc.clientID])
  })

  it('joins and leaves as often as it is told to', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    for (let i = 0; i < 3; i++) {
      b.provider.disconnect()
      b.text.insert(0, `${i}`)
      b.provider.connect()
      b.provider.connect()
    }
    await together([a, b])
    await converged([a, b], '210')
  })

  it('tells what the server refuses', async () => {
    const silence = { enter() {}, leave() {}, announce() {}, signal() {}, close() {} }
    const signaling: Signaling = {
      ...silence,
      open: (_self, { refused }) => void queueMicrotask(() => refused('no token')),
    }
    const provider = new TuttiProvider('room', new Y.Doc(), { signaling, wrtc: deafWrtc })
    const told: TuttiError[] = []
    provider.on('error', (error) => told.push(error))
    await eventually(() => told.map(({ code }) => code)).toEqual(['not-admitted'])
    expect([provider.error, provider.shouldConnect]).toEqual([told[0], true])
    provider.destroy()
  })

  it('tells of a group that it can not join', async () => {
    const doc = new Y.Doc()
    const peer = rig.peer()
    await peer.close()
    const provider = new TuttiProvider('room', doc, { peer })
    const codes: string[] = []
    provider.on('error', ({ code }) => codes.push(code))
    await eventually(() => codes).toEqual(['closed'])
    expect([provider.shouldConnect, provider.connected, provider.error?.code]).toEqual([false, false, 'closed'])
  })
})

describe('awareness', () => {
  const names = ({ provider }: Writer): unknown[] => {
    const states = [...provider.awareness.getStates().values()]
    return states.map(({ name }) => name).sort()
  }

  it('is everyone’s, also for one who comes later, and goes with its member', async () => {
    const all = await writers(rig, 2)
    for (const [index, { provider }] of all.entries()) provider.awareness.setLocalStateField('name', `w${index}`)
    const late = writer(rig)
    late.provider.awareness.setLocalStateField('name', 'late')
    await together([...all, late])
    for (const one of [...all, late]) await eventually(() => names(one)).toEqual(['late', 'w0', 'w1'])
    all[1]!.provider.disconnect()
    for (const one of [all[0]!, late]) await eventually(() => names(one)).toEqual(['late', 'w0'])
    // Whoever is out sees nobody.
    expect(names(all[1]!)).toEqual(['w1'])
    all[1]!.provider.connect()
    for (const one of [...all, late]) await eventually(() => names(one)).toEqual(['late', 'w0', 'w1'])
  })

  it('of a member that is left out goes with the view, and is back with it', async () => {
    const all = await writers(rig, 3, { onQuorumLoss: 'block' })
    for (const [index, { provider }] of all.entries()) provider.awareness.setLocalStateField('name', `w${index}`)
    for (const one of all) await eventually(() => names(one)).toEqual(['w0', 'w1', 'w2'])
    rig.isolate(all[2]!.peer)
    await eventually(() => names(all[0]!)).toEqual(['w0', 'w1'])
    rig.mend()
    for (const one of all) await eventually(() => names(one)).toEqual(['w0', 'w1', 'w2'])
  })

  it('may be the application’s own', async () => {
    const doc = new Y.Doc()
    const awareness = new Awareness(doc)
    const a = writer(rig, { doc, awareness })
    expect(a.provider.awareness).toBe(awareness)
    await together([a])
    a.provider.destroy()
    expect(awareness.getLocalState()).not.toBeNull()
    awareness.destroy()
  })
})

describe('subdocuments', () => {
  it('are shared where they are loaded, whatever was written before', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    const page = new Y.Doc()
    page.getText('t').insert(0, 'page one')
    a.doc.getMap('pages').set('one', page)
    await eventually(() => b.doc.getMap('pages').get('one')).toBeInstanceOf(Y.Doc)
    const here = b.doc.getMap('pages').get('one') as Y.Doc
    expect(here.getText('t').toString()).toBe('')
    here.load()
    await eventually(() => here.getText('t').toString()).toBe('page one')
    here.getText('t').insert(8, '!')
    await eventually(() => page.getText('t').toString()).toBe('page one!')
  })

  it('reach one who comes later from one who never loaded them', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    const page = new Y.Doc()
    a.doc.getMap('pages').set('one', page)
    for (let i = 0; i < 100; i++) {
      page.getText('t').insert(i, 'x')
      await Promise.resolve()
    }
    await converged([a, b])
    await eventually(() => b.doc.getMap('pages').has('one')).toBe(true)
    a.provider.destroy()
    await eventually(() => b.provider.group!.view.members.length).toBe(1)
    const c = writer(rig)
    await together([b, c])
    await eventually(() => c.doc.getMap('pages').get('one')).toBeInstanceOf(Y.Doc)
    const there = c.doc.getMap('pages').get('one') as Y.Doc
    there.load()
    await eventually(() => there.getText('t').toString()).toBe('x'.repeat(100))
  })

  it('that are put away are kept, and are whole when they are loaded again', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    const page = new Y.Doc()
    a.doc.getMap('pages').set('one', page)
    page.getText('t').insert(0, 'kept')
    await eventually(() => b.doc.getMap('pages').has('one')).toBe(true)
    page.destroy()
    const there = b.doc.getMap('pages').get('one') as Y.Doc
    there.load()
    await eventually(() => there.getText('t').toString()).toBe('kept')
    there.getText('t').insert(4, ' and more')
    const again = a.doc.getMap('pages').get('one') as Y.Doc
    expect(again).not.toBe(page)
    again.load()
    await eventually(() => again.getText('t').toString()).toBe('kept and more')
    expect(sameContent(again, there)).toBe(true)
  })

  it('written into while disconnected are merged', async () => {
    const [a, b] = (await writers(rig, 2)) as [Writer, Writer]
    const page = new Y.Doc()
    a.doc.getMap('pages').set('one', page)
    await eventually(() => b.doc.getMap('pages').has('one')).toBe(true)
    const there = b.doc.getMap('pages').get('one') as Y.Doc
    there.load()
    b.provider.disconnect()
    there.getText('t').insert(0, 'offline')
    page.getText('t').insert(0, 'online')
    b.provider.connect()
    await together([a, b])
    await eventually(() => sameContent(page, there)).toBe(true)
    expect(page.getText('t').toString()).toContain('offline')
  })
})

describe('misuse', () => {
  const make = (options: unknown, room: unknown = 'room') =>
    thrown(() => new TuttiProvider(room as string, new Y.Doc(), options as ProviderOptions))

  it.each([
    ['no options', undefined, 'invalid-option', 'signaling'],
    ['no way to find others', {}, 'invalid-option', 'signaling'],
    ['a peer that is none', { peer: {} }, 'invalid-option', 'connect'],
    ['a peer, and options of one', { peer: { join: () => {} }, name: 'Ada' }, 'invalid-option', 'name'],
    ['y-webrtc’s password', { signaling: 'http://x', password: 'p' }, 'unsupported', 'encryption'],
    ['y-webrtc’s peerOpts', { signaling: 'http://x', peerOpts: {} }, 'invalid-option', 'iceServers'],
    ['connect that is no boolean', { signaling: 'http://x', connect: 1 }, 'invalid-option', 'connect'],
    ['an awareness that is none', { signaling: 'http://x', awareness: {} }, 'invalid-option', 'awareness'],
    ['an unknown option', { signaling: 'http://x', nonsense: 1 }, 'unsupported', 'nonsense'],
  ])('%s', (_what, options, code, hint) => {
    const error = make(options)
    expect([error.name, error.code]).toEqual(['TuttiError', code])
    expect(error.message).toContain(hint)
  })

  it('leaves nothing behind', () => {
    const doc = new Y.Doc()
    const heard = () => ['update', 'subdocs', 'destroy'].map((type) => doc._observers.get(type)?.size ?? 0)
    const before = heard()
    const options = { signaling: 'http://x', nonsense: 1 } as ProviderOptions
    const awareness = new Awareness(doc)
    const withOne = heard()
    expect(thrown(() => new TuttiProvider('room', doc, { ...options, awareness })).code).toBe('unsupported')
    expect(heard()).toEqual(withOne)
    expect(before).toEqual([0, 0, 0])
    awareness.destroy()
  })

  it('a room without a name, a document that is none', () => {
    expect(make({ signaling: 'http://x' }, '').code).toBe('invalid-option')
    expect(thrown(() => new TuttiProvider('room', {} as Y.Doc, { peer: rig.peer() })).code).toBe('invalid-option')
  })
})
