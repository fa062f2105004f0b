import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Lineage } from '../../peer/base/ids.ts'
import {
  decodeWitnessAnswer,
  encodeWitnessAnswer,
  encodeWitnessRequest,
  type WitnessRequest,
} from '../../peer/wire/witness.ts'
import { Witness, type WitnessLimits } from '../../signaling/witness.ts'
import { typeScriptFiles } from './support/files.ts'
import { importsOf } from './support/import-table.ts'

const alpha = 'alpha' as Lineage

/** A witness whose tokens are t1, t2, …, and what it told. */
function booth(limits: Partial<WitnessLimits> = {}) {
  let drawn = 0
  const renewed: string[] = []
  const witness = new Witness({
    renewed: (room, token) => renewed.push(`${room}: ${token}`),
    limits,
    random: () => {
      drawn += 1
      return `t${drawn}`
    },
  })
  const ask = (request: WitnessRequest, room = 'hall') => {
    const answer = witness.answer(room, encodeWitnessRequest(request))
    if (!(answer instanceof Uint8Array)) throw new Error(answer.why)
    return decodeWitnessAnswer(answer)
  }
  const prepare = (number: number, ballot: number, token: string | undefined = 't1', lineage = alpha) =>
    ask({ kind: 'prepare', lineage, number, token, ballot })
  const accept = (number: number, ballot: number, value: number[], token = 't1', lineage = alpha) =>
    ask({ kind: 'accept', lineage, number, token, ballot, value: Uint8Array.from(value) })
  return { witness, renewed, ask, prepare, accept }
}

const at = { lineage: alpha, number: 3, token: 't1' }

describe('the vote of a witness', () => {
  it('is promised in a view of its token, blank at first contact [PT1]', () => {
    const { prepare } = booth()
    expect(prepare(3, 9)).toEqual({ kind: 'promise', ...at, ballot: 9, votes: true, accepted: undefined })
    expect(prepare(3, 9)).toMatchObject({ kind: 'promise', votes: true })
    expect(prepare(3, 8)).toEqual({ kind: 'nack', ...at, ballot: 8, promised: 9 })
    expect(prepare(3, 10)).toMatchObject({ kind: 'promise', votes: true })
  })

  it('is given once: a later ballot learns what was accepted, an earlier one nothing [PT1, VW3]', () => {
    const { prepare, accept } = booth()
    prepare(3, 9)
    expect(accept(3, 8, [1])).toEqual({ kind: 'nack', ...at, ballot: 8, promised: 9 })
    expect(accept(3, 9, [2])).toEqual({ kind: 'accepted', ...at, ballot: 9 })
    expect(prepare(3, 12)).toMatchObject({ votes: true, accepted: { ballot: 9, value: Uint8Array.of(2) } })
    expect(accept(3, 9, [3])).toMatchObject({ kind: 'nack', promised: 12 })
    expect(accept(3, 12, [2])).toMatchObject({ kind: 'accepted' })
    expect(prepare(3, 13)).toMatchObject({ accepted: { ballot: 12, value: Uint8Array.of(2) } })
  })

  it('may be accepted without a promise before, as that may have been lost [PT1]', () => {
    const { prepare, accept } = booth()
    expect(accept(3, 9, [1])).toEqual({ kind: 'accepted', ...at, ballot: 9 })
    expect(prepare(3, 8)).toMatchObject({ kind: 'nack', promised: 9 })
  })

  it('is not to be had in a view without a token, or with another: only the token is [PT1]', () => {
    const { prepare, accept, ask } = booth()
    const stranger = { kind: 'promise', ...at, ballot: 9, votes: false, accepted: undefined }
    expect(ask({ kind: 'prepare', lineage: alpha, number: 3, token: undefined, ballot: 9 })).toEqual(stranger)
    expect(prepare(3, 9, 'other')).toEqual(stranger)
    expect(accept(3, 9, [1], 'other')).toEqual({ kind: 'nack', ...at, ballot: 9, promised: 0 })
    expect(prepare(3, 1)).toMatchObject({ votes: true, accepted: undefined })
  })

  it('goes to the latest view of a lineage only: an earlier one is past [PT1, VW3]', () => {
    const { prepare, accept } = booth()
    accept(3, 9, [1])
    expect(prepare(4, 2)).toEqual({ kind: 'promise', ...at, number: 4, ballot: 2, votes: true, accepted: undefined })
    expect(prepare(3, 10)).toEqual({ kind: 'past', ...at, ballot: 10 })
    expect(accept(3, 9, [1])).toEqual({ kind: 'past', ...at, ballot: 9 })
    expect(accept(4, 2, [2])).toMatchObject({ kind: 'accepted', number: 4 })
    expect(accept(6, 2, [3])).toMatchObject({ kind: 'accepted', number: 6 })
    expect(prepare(5, 9)).toMatchObject({ kind: 'past' })
  })

  it('is kept apart for each lineage and each room [PT1, PT4]', () => {
    const { ask, prepare, accept, witness } = booth()
    accept(3, 9, [1])
    const beta = 'beta' as Lineage
    expect(prepare(1, 2, 't1', beta)).toMatchObject({ votes: true, accepted: undefined })
    expect(prepare(3, 10)).toMatchObject({ votes: true, accepted: { ballot: 9 } })
    expect(witness.tokenOf('attic')).toBe('t2')
    const elsewhere = { kind: 'prepare', ...at, ballot: 1 } as const
    expect(ask(elsewhere, 'attic')).toMatchObject({ votes: false, token: 't2' })
    expect(ask({ ...elsewhere, token: 't2' }, 'attic')).toMatchObject({ votes: true, accepted: undefined })
  })

  it('holds a value of its own, whatever becomes of the bytes it came in', () => {
    const { witness, prepare } = booth()
    const bytes = encodeWitnessRequest({ kind: 'accept', ...at, ballot: 9, value: Uint8Array.of(1, 2) })
    witness.tokenOf('hall')
    witness.answer('hall', bytes)
    bytes.fill(0)
    expect(prepare(3, 10)).toMatchObject({ accepted: { value: Uint8Array.of(1, 2) } })
  })
})

describe('the token of a witness', () => {
  it('is the same as long as the room lasts, and another one afterwards [PT1, PT5]', () => {
    const { witness, prepare, accept } = booth()
    expect(witness.tokenOf('hall')).toBe('t1')
    accept(3, 9, [1])
    expect(witness.tokenOf('hall')).toBe('t1')
    witness.drop('hall')
    expect(witness.size).toBe(0)
    expect(witness.tokenOf('hall')).toBe('t2')
    expect(prepare(3, 10)).toMatchObject({ votes: false, accepted: undefined, token: 't2' })
    expect(accept(3, 9, [1])).toMatchObject({ kind: 'nack', token: 't2' })
    expect(prepare(3, 1, 't2')).toMatchObject({ votes: true, accepted: undefined })
  })

  it('is a name, and differs from room to room and from boot to boot [PT1]', () => {
    const tokens = Array.from({ length: 4 }, () => new Witness({ renewed: () => {} })).flatMap((witness) => [
      witness.tokenOf('hall'),
      witness.tokenOf('attic'),
    ])
    expect(new Set(tokens).size).toBe(8)
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9._~-]{1,64}$/)
  })

  it('changes when a room has one lineage too many, and everything is forgotten [PT1, PT5]', () => {
    const { witness, renewed, prepare, accept } = booth({ lineagesPerRoom: 2 })
    accept(3, 9, [1])
    prepare(3, 9, 't1', 'beta' as Lineage)
    expect(prepare(5, 1, 't1', 'beta' as Lineage)).toMatchObject({ votes: true })
    expect(renewed).toEqual([])
    expect(accept(1, 1, [2], 't1', 'gamma' as Lineage)).toMatchObject({ kind: 'nack', promised: 0, token: 't2' })
    expect(renewed).toEqual(['hall: t2'])
    expect(witness.tokenOf('hall')).toBe('t2')
    expect(prepare(3, 10)).toMatchObject({ votes: false })
    expect(prepare(3, 10, 't2')).toMatchObject({ votes: true, accepted: undefined })
    prepare(1, 1, 't2', 'beta' as Lineage)
    expect(prepare(1, 1, 't2', 'gamma' as Lineage)).toMatchObject({ votes: false, token: 't3' })
    expect(renewed).toEqual(['hall: t2', 'hall: t3'])
  })

  it('asked for without being a view of it costs no place', () => {
    const { prepare, renewed } = booth({ lineagesPerRoom: 1 })
    for (const lineage of ['a', 'b', 'c']) prepare(1, 1, 'other', lineage as Lineage)
    prepare(1, 1, 't1', alpha)
    expect(renewed).toEqual([])
  })
})

describe('what is too large or no request', () => {
  it('gets no vote, and leaves those given alone [PT5]', () => {
    const { prepare, accept, witness, renewed } = booth({ valueBytesMax: 3, lineagesPerRoom: 1 })
    expect(accept(3, 9, [1, 2, 3, 4])).toEqual({ kind: 'nack', ...at, ballot: 9, promised: 0 })
    prepare(3, 10)
    expect(accept(3, 10, [1, 2, 3, 4])).toEqual({ kind: 'nack', ...at, ballot: 10, promised: 10 })
    expect(accept(4, 11, [1, 2, 3, 4])).toMatchObject({ kind: 'nack', promised: 0 })
    expect(accept(3, 10, [1, 2, 3])).toMatchObject({ kind: 'accepted' })
    expect(accept(1, 1, [1, 2, 3, 4], 't1', 'beta' as Lineage)).toMatchObject({ kind: 'nack' })
    expect(witness.answer('hall', Uint8Array.of(1, 2, 3))).toEqual({ kind: 'invalid', why: 'witness: cut short' })
    const answer = encodeWitnessAnswer({ kind: 'accepted', ...at, ballot: 10 })
    expect(witness.answer('hall', answer)).toMatchObject({ kind: 'invalid' })
    expect(prepare(3, 11)).toMatchObject({ votes: true, accepted: { ballot: 10, value: Uint8Array.of(1, 2, 3) } })
    expect(renewed).toEqual([])
  })

  it('gets no vote where all rooms together hold too much, until something is dropped [PT5]', () => {
    const { prepare, accept, ask, witness } = booth({ allBytesMax: 4 })
    const beta = 'beta' as Lineage
    accept(3, 9, [1, 2, 3])
    expect(accept(1, 1, [4, 5], 't1', beta)).toMatchObject({ kind: 'nack', promised: 0 })
    expect(accept(1, 1, [4], 't1', beta)).toMatchObject({ kind: 'accepted' })
    const token = witness.tokenOf('attic')
    const elsewhere = { kind: 'accept', lineage: beta, number: 1, token, ballot: 1, value: Uint8Array.of(6) } as const
    expect(ask(elsewhere, 'attic')).toMatchObject({ kind: 'nack' })
    expect(accept(3, 10, [1, 2])).toMatchObject({ kind: 'accepted' })
    expect(ask(elsewhere, 'attic')).toMatchObject({ kind: 'accepted' })
    expect(accept(3, 11, [1, 2, 3])).toMatchObject({ kind: 'nack', promised: 10 })
    expect(prepare(4, 1)).toMatchObject({ votes: true, accepted: undefined })
    expect(accept(4, 1, [1, 2, 3])).toMatchObject({ kind: 'nack' })
    witness.drop('attic')
    expect(accept(4, 1, [1, 2, 3])).toMatchObject({ kind: 'accepted' })
    witness.drop('hall')
    expect(accept(1, 1, [1, 2, 3, 4], witness.tokenOf('hall'))).toMatchObject({ kind: 'accepted' })
  })

  it('is told apart and never throws, whatever bytes come', () => {
    const { witness } = booth()
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }).map((rest) => Uint8Array.of(1, 1, 1, 97, 1, 1, 2, 116, 49, ...rest)),
    )
    fc.assert(
      fc.property(bytes, (bytes) => {
        const answer = witness.answer('hall', bytes)
        if (answer instanceof Uint8Array) expect(decodeWitnessAnswer(answer).kind).not.toBe('invalid')
      }),
    )
  })
})

/** By a dynamic import: the introducer of tabs without a server, in one of which the witness is. */
const ON_DEMAND = 'peer/local/index.ts'

describe('the code of a witness', () => {
  it('is none of what a page loads', () => {
    const texts = new Map(typeScriptFiles(['peer', 'ui', 'signaling']).map((file) => [file.path, file]))
    const loaded = new Set(['peer/index.ts', 'ui/index.ts', 'ui/define.ts'])
    for (const path of loaded) {
      const file = texts.get(path)
      for (const specifier of file === undefined ? [] : importsOf(file)) {
        const module = posix.join(posix.dirname(path), specifier)
        if (specifier.startsWith('.') && module !== ON_DEMAND) loaded.add(module)
      }
    }
    expect(loaded).toContain('peer/transport/signaling-client.ts')
    expect(loaded).not.toContain('peer/transport/signaling-loopback.ts')
    expect(loaded).not.toContain('signaling/witness.ts')
  })
})

describe('whatever is asked in whatever order', () => {
  const step = fc.record({
    kind: fc.constantFrom('prepare', 'accept', 'drop'),
    token: fc.constantFrom('t1', 't2', 't3'),
    lineage: fc.constantFrom('a', 'b', 'c') as fc.Arbitrary<string> as fc.Arbitrary<Lineage>,
    number: fc.integer({ min: 1, max: 3 }),
    ballot: fc.integer({ min: 1, max: 4 }),
    value: fc.uint8Array({ maxLength: 2 }),
  })

  it('a promise is kept, and what was accepted is told, as long as the token lasts [PT1, VW3]', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { ask, witness } = booth({ lineagesPerRoom: 2 })
        const promised = new Map<string, number>()
        const accepted = new Map<string, { ballot: number; value: Uint8Array }>()
        for (const { kind, token, lineage, number, ballot, value } of steps) {
          if (kind === 'drop') {
            if (ballot === 1) witness.drop('hall')
            continue
          }
          const said = ask({ kind, token, lineage, number, ballot, value } as WitnessRequest)
          if (said.kind === 'invalid') throw new Error(said.why)
          const view = `${token} ${lineage} ${number}`
          const votes = said.kind === 'accepted' || (said.kind === 'promise' && said.votes)
          if (votes) {
            expect(token).toBe(said.token)
            expect(ballot).toBeGreaterThanOrEqual(promised.get(view) ?? 0)
            promised.set(view, ballot)
          }
          if (said.kind === 'promise' && votes) expect(said.accepted).toEqual(accepted.get(view))
          if (said.kind === 'accepted') accepted.set(view, { ballot, value })
        }
      }),
      { numRuns: 500 },
    )
  })
})
