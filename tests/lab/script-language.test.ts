import { describe, expect, it } from 'vitest'
import { addressOf, readPlace } from '../../demo/lab/address.ts'
import { EXAMPLE_SCRIPT, ownScenario, SCRIPT_FORMS } from '../../demo/lab/own-script.ts'
import { startRun } from '../../demo/lab/scenario.ts'
import { isScript, type LabScript, parseScript, SCRIPT_LIMITS, writeOrder } from '../../demo/lab/script-language.ts'

describe('a script', () => {
  it('is read', () => {
    const script = read(
      'members a b\nrun 900 # ms\n\nat 10 cbcast a "hi # there"\non b "hi # there" crash b\npart a | b',
    )
    expect(script).toEqual({
      members: ['a', 'b'],
      lengthMs: 900,
      orders: [
        { atMs: 10, order: { do: 'cast', kind: 'causal', who: 'a', value: 'hi # there' } },
        { atMs: 0, order: { do: 'part', sides: [['a'], ['b']] } },
      ],
      rules: [{ when: 'delivered', who: 'b', value: 'hi # there', order: { do: 'crash', who: 'b' } }],
    })
  })

  it('may name one who joins, wherever that stands', () => {
    expect(read('at 500 cbcast d "x"\nat 10 join d').orders).toHaveLength(2)
  })

  it.each(SCRIPT_FORMS)('may have a line such as %s', (form) => {
    const names = form.startsWith('members') ? '' : form.includes('join d') ? 'members a b c' : 'members a b c d'
    read(`${names}\n${form}`)
  })

  it('is written as it is read', () => {
    const lines = [
      'fbcast a "x"',
      'tell a b "x"',
      'note a "x"',
      'freeze a 5',
      'cut a b',
      'lose a b 5',
      'part a | b c',
      'heal',
    ]
    expect(read(lines.join('\n')).orders.map(({ order }) => writeOrder(order))).toEqual(lines)
  })

  it.each([
    ['at x crash a', 'no time'],
    ['at 10', 'ends where what to do'],
    ['explode a', 'nothing that can be done'],
    ['cbcast a hello', 'in "quotes" should be'],
    ['cbcast a "hello', 'does not end'],
    ['cbcast a ""', '1 to 32 characters'],
    [`cbcast a "${'x'.repeat(33)}"`, '1 to 32 characters'],
    ['crash z', 'there is no member z'],
    ['crash A', 'is no name'],
    ['crash a b', 'too much'],
    ['cut a a', 'no link with itself'],
    ['part a b', 'both sides'],
    ['join a', 'needs a new name'],
    ['delay a b 999999', 'from 1 to 20000'],
    ['members', 'needs names'],
    ['members a a', 'twice'],
    [`members ${Array.from({ length: 17 }, (_, i) => `m${i}`).join(' ')}`, 'at most 16'],
    ['constructor a', 'nothing that can be done'],
    ['<b>', 'nothing that can be done'],
  ])('says what is wrong with %s', (line, message) => {
    const parsed = parseScript(`# first\n${line}`)
    expect(isScript(parsed) ? [] : parsed.errors).toEqual([{ line: 2, message: expect.stringContaining(message) }])
  })

  it('is told of all its errors, by line, up to a length', () => {
    const parsed = parseScript('crash\ncrash a\ncrash zoe')
    expect(isScript(parsed) ? [] : parsed.errors.map(({ line }) => line)).toEqual([1, 3])
    expect(isScript(parseScript('#'.repeat(SCRIPT_LIMITS.characters + 1)))).toBe(false)
    expect(isScript(parseScript('heal\n'.repeat(SCRIPT_LIMITS.lines + 1)))).toBe(false)
  })

  it('that answers itself for ever ends', () => {
    const [plain, tutti] = ownScenario('members a b\nat 1 cbcast a "x"\non a "x" cbcast a "x"\nrun 500').sides
    for (const side of [plain, tutti!]) {
      const run = startRun(side, 1)
      run.run(500)
      expect(run.sent.length).toBe(400)
      expect(run.notes.some(({ text }) => text.includes('no more'))).toBe(true)
    }
  })

  it('to begin with shows a difference', () => {
    const scenario = ownScenario(EXAMPLE_SCRIPT)
    const verdicts = scenario.sides.map((side) => {
      const run = startRun(side, 1)
      run.run(read(EXAMPLE_SCRIPT).lengthMs)
      return scenario.judge(run)
    })
    expect(verdicts).toEqual([expect.any(String), undefined])
  })
})

describe('an address', () => {
  it('carries scenario, seed and script', () => {
    const place = { seed: 7, script: 'members a b\nat 1 cbcast a "50 % + ü & #1"' }
    expect(readPlace(new URL(addressOf('own', place), 'http://x/lab/'))).toEqual({ scenario: 'own', ...place })
  })

  it('without sense is taken as far as it has some', () => {
    expect(readPlace(new URL('http://x/lab/?seed=-1#other'))).toEqual({
      scenario: undefined,
      seed: undefined,
      script: undefined,
    })
  })
})

function read(text: string): LabScript {
  const parsed = parseScript(text)
  if (isScript(parsed)) return parsed
  throw new Error(JSON.stringify(parsed.errors))
}
