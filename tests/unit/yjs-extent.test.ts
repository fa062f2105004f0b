import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { beyond, extentOf, isEmpty, nothing } from '../../peer/yjs/extent.ts'
import { sameContent } from './yjs-support.ts'

/** Two documents that write apart and, now and then, tell each other. */
const steps = fc.array(
  fc.record({
    who: fc.nat(1),
    what: fc.constantFrom('insert', 'insert', 'insert', 'delete', 'delete', 'tell'),
    at: fc.nat(1_000),
    length: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 40 },
)
type Step = { who: number; what: string; at: number; length: number }

function play(taken: readonly Step[]): [Y.Doc, Y.Doc] {
  const docs: [Y.Doc, Y.Doc] = [new Y.Doc(), new Y.Doc()]
  for (const { who, what, at, length } of taken) {
    const doc = docs[who]!
    const text = doc.getText('text')
    const from = at % (text.length + 1)
    if (what === 'insert') text.insert(from, 'x'.repeat(length))
    if (what === 'delete') text.delete(from, Math.min(length, text.length - from))
    if (what === 'tell') Y.applyUpdate(docs[1 - who]!, Y.encodeStateAsUpdate(doc))
  }
  return docs
}

describe('what a document has beyond another', () => {
  it('makes them the same when both have it, and is nothing then', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const [one, other] = play(taken)
        const [mine, theirs] = [beyond(extentOf(other), one), beyond(extentOf(one), other)]
        if (mine !== undefined) Y.applyUpdate(other, mine)
        if (theirs !== undefined) Y.applyUpdate(one, theirs)
        expect(sameContent(one, other)).toBe(true)
        expect([beyond(extentOf(other), one), beyond(extentOf(one), other)]).toEqual([undefined, undefined])
      }),
    )
  })

  it('is nothing exactly where the other has it all', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const [one, other] = play(taken)
        const both = new Y.Doc()
        for (const doc of [one, other]) Y.applyUpdate(both, Y.encodeStateAsUpdate(doc))
        expect(beyond(extentOf(other), one) === undefined).toBe(sameContent(both, other))
      }),
    )
  })

  it('is the same for a document and for the update it can be made of', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const [one, other] = play(taken)
        const [asUpdate, theirs] = [one, other].map((doc) => Y.encodeStateAsUpdate(doc))
        expect(isEmpty(asUpdate!)).toBe(isEmpty(one))
        const isKnown = beyond(extentOf(other), one) === undefined
        expect(beyond(extentOf(theirs!), asUpdate!) === undefined).toBe(isKnown)
      }),
    )
  })

  it('is all of it where the other has nothing', () => {
    const doc = new Y.Doc()
    expect(beyond(nothing, doc)).toBeUndefined()
    doc.getText('text').insert(0, 'all')
    expect(beyond(nothing, doc)).toEqual(Y.encodeStateAsUpdate(doc))
  })
})
