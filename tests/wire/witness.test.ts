import fc, { type Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Lineage } from '../../peer/base/ids.ts'
import { BALLOT_MAX } from '../../peer/wire/ballot.ts'
import { Writer } from '../../peer/wire/bytes.ts'
import {
  decodeWitnessAnswer,
  decodeWitnessRequest,
  encodeWitnessAnswer,
  encodeWitnessRequest,
  type WitnessAnswer,
  type WitnessRequest,
} from '../../peer/wire/witness.ts'

const token = fc.stringMatching(/^[A-Za-z0-9._~-]{1,64}$/)
const ballot = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constant(BALLOT_MAX))
const value = fc.uint8Array({ maxLength: 300 })
const place = {
  lineage: token as Arbitrary<string> as Arbitrary<Lineage>,
  number: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constant(Number.MAX_SAFE_INTEGER)),
  ballot,
}
const kind = <K extends string>(name: K) => fc.constant(name)

const request: Arbitrary<WitnessRequest> = fc.oneof(
  fc.record({ kind: kind('prepare'), ...place, token: fc.option(token, { nil: undefined }) }),
  fc.record({ kind: kind('accept'), ...place, token, value }),
)

const head = { ...place, token }
const vote = fc
  .record({ ...head, accepted: fc.option(fc.record({ ballot, value }), { nil: undefined }) })
  .filter(({ accepted, ballot }) => accepted === undefined || accepted.ballot <= ballot)
  .map((vote) => ({ kind: 'promise' as const, votes: true, ...vote }))
const answer: Arbitrary<WitnessAnswer> = fc.oneof(
  vote,
  fc.record({ kind: kind('promise'), ...head, votes: fc.constant(false), accepted: fc.constant(undefined) }),
  fc.record({ kind: kind('nack'), ...head, promised: fc.oneof(ballot, fc.constant(0)) }),
  fc.record({ kind: kind('accepted'), ...head }),
  fc.record({ kind: kind('past'), ...head }),
)

const lineage = 'alpha' as Lineage
const at = { lineage, number: 3, ballot: 4096, token: 'token' }
const REQUESTS: WitnessRequest[] = [
  { kind: 'prepare', ...at },
  { kind: 'prepare', ...at, token: undefined },
  { kind: 'accept', ...at, value: Uint8Array.of(1, 2, 3) },
]
const ANSWERS: WitnessAnswer[] = [
  { kind: 'promise', ...at, votes: true, accepted: { ballot: 7, value: Uint8Array.of(9) } },
  { kind: 'promise', ...at, votes: false, accepted: undefined },
  { kind: 'nack', ...at, promised: 8192 },
  { kind: 'accepted', ...at },
  { kind: 'past', ...at },
]
const SAMPLES = [
  ...REQUESTS.map((sample) => [sample.kind, encodeWitnessRequest(sample), decodeWitnessRequest, sample] as const),
  ...ANSWERS.map((sample) => [sample.kind, encodeWitnessAnswer(sample), decodeWitnessAnswer, sample] as const),
]

describe('what an engine and a witness say', () => {
  it('is read as it was written [PT1]', () => {
    fc.assert(
      fc.property(request, answer, (asked, answered) => {
        expect(decodeWitnessRequest(encodeWitnessRequest(asked))).toEqual(asked)
        expect(decodeWitnessAnswer(encodeWitnessAnswer(answered))).toEqual(answered)
      }),
    )
  })

  it('has these bytes in every version to come', () => {
    expect(SAMPLES.map(([, bytes]) => Buffer.from(bytes).toString('hex'))).toEqual([
      '010105616c70686103802005746f6b656e',
      '010105616c70686103802000',
      '010205616c70686103802005746f6b656e03010203',
      '010305616c70686103802005746f6b656e01070109',
      '010305616c70686103802005746f6b656e0000',
      '010405616c70686103802005746f6b656e8040',
      '010505616c70686103802005746f6b656e',
      '010605616c70686103802005746f6b656e',
    ])
  })
})

describe('bytes that no witness and no engine said', () => {
  it('are refused with a reason, and nothing throws', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc
        .tuple(fc.nat(7), fc.uint8Array({ maxLength: 80 }))
        .map(([number, rest]) => Uint8Array.of(1, number, 1, 97, ...rest)),
    )
    fc.assert(
      fc.property(bytes, (bytes) => {
        decodeWitnessRequest(bytes)
        decodeWitnessAnswer(bytes)
      }),
      { numRuns: 3_000 },
    )
    expect(decodeWitnessRequest(new Uint8Array())).toEqual({ kind: 'invalid', why: 'witness: cut short' })
    expect(decodeWitnessAnswer(Uint8Array.of(2))).toEqual({ kind: 'invalid', why: 'witness: another version' })
  })

  it.each(SAMPLES)(
    'a %s cut short anywhere, longer, or with a bit flipped is none or another',
    (_, bytes, decode, said) => {
      for (let length = 0; length < bytes.length; length += 1) {
        expect(decode(bytes.subarray(0, length)).kind).toBe('invalid')
      }
      expect(decode(Uint8Array.of(...bytes, 0)).kind).toBe('invalid')
      const flipped = bytes.slice()
      for (let bit = 0; bit < 8 * flipped.length; bit += 1) {
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        expect(decode(flipped)).not.toEqual(said)
        flipped[bit >> 3]! ^= 1 << (bit & 7)
      }
      expect(decode(flipped)).toEqual(said)
    },
  )

  it('a request is no answer, and an answer no request', () => {
    for (const sample of REQUESTS) expect(decodeWitnessAnswer(encodeWitnessRequest(sample)).kind).toBe('invalid')
    for (const sample of ANSWERS) expect(decodeWitnessRequest(encodeWitnessAnswer(sample)).kind).toBe('invalid')
  })

  it.each<[string, Partial<WitnessRequest>, RegExp]>([
    ['a ballot above all rounds', { ballot: BALLOT_MAX + 1 }, /beyond all rounds/],
    ['no ballot', { ballot: 0 }, /no ballot/],
    ['view number 0', { number: 0 }, /count from one/],
    ['a lineage with a slash', { lineage: 'a/b' as Lineage }, /not a lineage/],
    ['a long lineage', { lineage: 'a'.repeat(65) as Lineage }, /not a lineage/],
    ['a token with a space', { token: 'a b' }, /not a token/],
    ['an accept without a token', { token: '' }, /not a token/],
  ])('%s is refused', (_, wrong, why) => {
    const said = { ...REQUESTS[2]!, ...wrong } as WitnessRequest
    expect(decodeWitnessRequest(encodeWitnessRequest(said))).toEqual({
      kind: 'invalid',
      why: expect.stringMatching(why) as string,
    })
  })

  it.each<[string, WitnessAnswer]>([
    ['a nack for a ballot above all rounds', { kind: 'nack', ...at, promised: BALLOT_MAX + 1 }],
    [
      'a value accepted above the promise',
      { kind: 'promise', ...at, votes: true, accepted: { ballot: 4097, value: new Uint8Array() } },
    ],
    [
      'a value without a vote',
      { kind: 'promise', ...at, votes: false, accepted: { ballot: 1, value: new Uint8Array() } },
    ],
    ['an answer without a token', { kind: 'past', ...at, token: '' }],
  ])('%s is refused', (_, said) => {
    expect(decodeWitnessAnswer(encodeWitnessAnswer(said)).kind).toBe('invalid')
  })

  it.each([2 ** 31, 2 ** 40, 2 ** 53 - 1])('a value of %d bytes that are not there is refused', (length) => {
    const claim = new Writer().byte(1).byte(2).text('alpha').varint(3).varint(4096).text('token').varint(length)
    expect(decodeWitnessRequest(claim.finish()).kind).toBe('invalid')
  })
})
