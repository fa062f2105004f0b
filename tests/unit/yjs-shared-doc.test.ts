import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { TuttiError } from '../../peer/base/errors.ts'
import type { Group, Peer } from '../../peer/client/types.ts'
import { type DocGroup, SharedDoc } from '../../peer/yjs/index.ts'
import { eventually, Rig } from '../contract/group-support.ts'
import { thrown } from './client-support.ts'
import { sameContent } from './yjs-support.ts'

// A document in a group that the application has joined itself.

let rig: Rig
const awarenesses: Awareness[] = []

beforeEach(() => {
  rig = new Rig()
})

afterEach(async () => {
  for (const awareness of awarenesses.splice(0)) awareness.destroy()
  await rig.close()
})

interface Page {
  readonly peer: Peer
  readonly group: Group
  readonly doc: Y.Doc
  readonly text: Y.Text
  readonly shared: SharedDoc
}

async function page({ messageBytesMax = 1_000_000 } = {}): Promise<Page> {
  const peer = rig.peer({ config: { messageBytesMax } })
  const group = await peer.join('room')
  const doc = new Y.Doc()
  const awareness = new Awareness(doc)
  awarenesses.push(awareness)
  return { peer, group, doc, text: doc.getText('text'), shared: new SharedDoc(doc, { awareness }) }
}

async function pages(count: number): Promise<Page[]> {
  const all: Page[] = []
  for (let i = 0; i < count; i++) all.push(await page())
  await eventually(() => all.every(({ group }) => group.view.members.length === count)).toBe(true)
  return all
}

async function same(...all: readonly Page[]): Promise<void> {
  await eventually(() => all.every(({ doc }) => sameContent(doc, all[0]!.doc))).toBe(true)
}

describe('SharedDoc, in a group without a state', () => {
  it('tells one who comes later all there is, and takes what that one has', async () => {
    const [a, b] = (await pages(2)) as [Page, Page]
    a.shared.attach(a.group)
    a.text.insert(0, 'here. ')
    b.text.insert(0, 'there. ')
    b.text.delete(0, 1)
    b.shared.attach(b.group)
    await same(a, b)
    expect(a.text.toString()).toHaveLength(12)
    expect(b.doc.isSynced).toBe(true)
    expect(a.shared.memberOf(b.doc.clientID)).toBe(b.group.self.id)
    expect(a.shared.memberOf(a.doc.clientID)).toBe(a.group.self.id)
  })

  it('is told by the next one where the one to answer crashes', async () => {
    const all = await pages(3)
    const [a, b, c] = all as [Page, Page, Page]
    a.text.insert(0, 'x'.repeat(10_000))
    a.shared.attach(a.group)
    b.shared.attach(b.group)
    await same(a, b)
    rig.isolate(a.peer)
    c.shared.attach(c.group)
    await same(b, c)
    expect(c.text.length).toBe(10_000)
  })

  it('has all of a change that was under way when it came', async () => {
    const all: Page[] = []
    for (let i = 0; i < 3; i++) all.push(await page({ messageBytesMax: 20_000 }))
    const [a, b, c] = all as [Page, Page, Page]
    await eventually(() => all.every(({ group }) => group.view.members.length === 3)).toBe(true)
    a.shared.attach(a.group)
    b.shared.attach(b.group)
    a.text.insert(0, 'ready. ')
    await same(a, b)
    const come = ({ value }: { value: unknown }): void => {
      if ((value as { at?: number }).at === undefined) return
      c.group.removeEventListener('message', come)
      c.shared.attach(c.group)
    }
    c.group.addEventListener('message', come)
    a.text.insert(0, 'abcdefghij'.repeat(30_000))
    await same(a, b, c)
    expect(c.text.length).toBe(300_007)
    expect(c.shared.save().parts).toEqual([])
  })

  it('that is detached is nobody’s to ask, and its awareness is gone', async () => {
    const [a, b, c] = (await pages(3)) as [Page, Page, Page]
    const detach = a.shared.attach(a.group)
    b.shared.attach(b.group)
    a.text.insert(0, 'kept')
    await same(a, b)
    await eventually(() => b.shared.awareness!.getStates().size).toBe(2)
    detach()
    detach()
    await eventually(() => b.shared.awareness!.getStates().size).toBe(1)
    c.shared.attach(c.group)
    await same(b, c)
    a.text.insert(0, 'not ')
    b.text.insert(0, 'still ')
    await eventually(() => c.text.toString()).toBe('still kept')
    a.shared.attach(a.group)
    await same(a, b, c)
    expect(a.text.toString()).toContain('not ')
    await eventually(() => a.shared.awareness!.getStates().size).toBe(3)
  })

  it('says so where the group takes nothing of it, and goes on', async () => {
    const [a] = (await pages(1)) as [Page]
    const errors: string[] = []
    const shared = new SharedDoc(new Y.Doc(), { failed: ({ code }) => errors.push(code) })
    const { self, view, addEventListener, removeEventListener } = a.group
    const refuse = (): never => {
      throw new TuttiError('not-encodable', 'no')
    }
    const detach = shared.attach({
      self,
      view,
      status: 'member',
      cbcast: refuse,
      fbcast: refuse,
      addEventListener: addEventListener.bind(a.group),
      removeEventListener: removeEventListener.bind(a.group),
    } as DocGroup)
    await eventually(() => errors).toEqual(['not-encodable'])
    shared.doc.getText('text').insert(0, 'x')
    await eventually(() => errors).toEqual(['not-encodable', 'not-encodable'])
    detach()
  })

  it('throws for a second group, and for options that make no sense', async () => {
    const [a] = (await pages(1)) as [Page]
    a.shared.attach(a.group)
    expect(thrown(() => a.shared.attach(a.group)).code).toBe('invalid-option')
    expect(thrown(() => new SharedDoc(a.doc, { tag: '' })).code).toBe('invalid-option')
    expect(thrown(() => new SharedDoc(a.doc, { tag: '\ud800' })).code).toBe('invalid-option')
    expect(thrown(() => new SharedDoc({} as Y.Doc)).code).toBe('invalid-option')
    a.shared.destroy()
    a.shared.destroy()
  })
})

describe('SharedDoc, of one document twice', () => {
  it('shares the one that was wanted last, with all that the other has', () => {
    const [doc, first, second] = [new Y.Doc(), new Y.Doc({ guid: 'page' }), new Y.Doc({ guid: 'page' })]
    const shared = new SharedDoc(doc)
    first.getText('t').insert(0, 'kept')
    doc.getMap('pages').set('one', first)
    doc.getMap('pages').set('two', second)
    expect(second.getText('t').toString()).toBe('kept')
    expect(shared.save().docs).toHaveLength(2)
    shared.destroy()
  })

  it('takes no subdocument for the main one', () => {
    const doc = new Y.Doc()
    const shared = new SharedDoc(doc)
    doc.getMap('pages').set('one', new Y.Doc({ guid: '' }))
    const copy = new Y.Doc()
    const other = new SharedDoc(copy)
    other.load(shared.save())
    expect(sameContent(doc, copy)).toBe(true)
    for (const one of [shared, other]) one.destroy()
  })
})

describe('SharedDoc, where a handler of the application fails', () => {
  it('takes the change all the same, and tells of the failure', () => {
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    const [doc, copy] = [new Y.Doc(), new Y.Doc()]
    const [shared, other] = [new SharedDoc(doc), new SharedDoc(copy)]
    doc.getText('text').insert(0, 'there')
    copy.getText('text').observe(() => {
      throw new Error('a handler')
    })
    other.load(shared.save())
    vi.unstubAllGlobals()
    expect(copy.getText('text').toString()).toBe('there')
    expect(reported).toHaveBeenCalledExactlyOnceWith(new Error('a handler'))
    for (const one of [shared, other]) one.destroy()
  })
})

describe('SharedDoc, told nonsense', () => {
  const bytes = Uint8Array.of(1, 2, 3, 250, 250, 250)

  it.each([
    ['no object', 7],
    ['another tag', { tutti: 'chat' }],
    ['no page', { tutti: 'yjs', op: 'update', doc: '', update: bytes }],
    ['no update', { tutti: 'yjs', by: 1, op: 'update', doc: '', update: bytes }],
    ['no update of a subdocument', { tutti: 'yjs', by: 1, op: 'update', doc: 'guid', update: bytes }],
    ['an update that is a text', { tutti: 'yjs', by: 1, op: 'update', doc: '', update: 'text' }],
    ['a series that never began', { tutti: 'yjs', by: 1, op: 'update', doc: '', series: 9, length: 5 }],
    ['a part out of the blue', { tutti: 'yjs', by: 1, op: 'part', series: 9, at: 7, bytes }],
    ['no awareness', { tutti: 'yjs', by: 1, op: 'awareness', update: bytes }],
    ['a vector that is none', { tutti: 'yjs', by: 1, op: 'hello', asks: true, docs: [{ doc: '', vector: bytes }] }],
    ['documents that are none', { tutti: 'yjs', by: 1, op: 'hello', asks: true, docs: [null] }],
    ['a welcome for nobody', { tutti: 'yjs', by: 1, op: 'welcome', to: 5, docs: [] }],
    ['an inherited name', { tutti: 'yjs', by: 1, op: 'toString' }],
  ])('%s: goes on as before', async (_what, value) => {
    const [a, b] = (await pages(2)) as [Page, Page]
    a.shared.attach(a.group)
    b.shared.attach(b.group)
    a.text.insert(0, 'before ')
    await same(a, b)
    const errors: unknown[] = []
    b.group.addEventListener('error', ({ error }) => errors.push(error))
    await a.group.cbcast(value)
    a.text.insert(0, 'after ')
    await eventually(() => b.text.toString()).toBe('after before ')
    expect(b.shared.save().docs).toHaveLength(1)
    expect(errors).toEqual([])
  })

  it.each([
    [null],
    [{ docs: 7 }],
    [
      {
        docs: [null, ['', bytes], ['guid', bytes], [7, bytes]],
        parts: [['m', 1, 1, [7]], 7],
        presence: [['m', bytes]],
      },
    ],
  ])('as a state %#: is as empty as before', (saved) => {
    const doc = new Y.Doc()
    const shared = new SharedDoc(doc)
    shared.load(saved)
    expect(shared.save().parts).toEqual([])
    expect(doc.getText('text').toString()).toBe('')
  })
})
