import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf, readPlace } from '../../demo/lab/address.ts'
import { writeOrder } from '../../demo/lab/orders.ts'
import { EXAMPLE_SCRIPT, ownScenario, SCRIPT_FORMS } from '../../demo/lab/own-script.ts'
import { type Scenario, startRun } from '../../demo/lab/scenario.ts'
import { isScript, type LabScript, parseScript } from '../../demo/lab/script-language.ts'
import { SCRIPT_LIMITS } from '../../demo/lab/script-words.ts'

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
    expect(read('join c\nmembers a b').members).toEqual(['a', 'b'])
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
    ['part a | b a', 'twice'],
    ['tell a a "x"', 'no link with itself'],
    ['cbcast a "\u202eevil"', 'no control characters'],
    ['constructor a', 'nothing that can be done'],
    [`${'x'.repeat(5_000)} a`, `“${'x'.repeat(23)}…” is nothing`],
    ['<b>', 'nothing that can be done'],
  ])('says what is wrong with %s', (line, message) => {
    const parsed = parseScript(`# first\n${line}`)
    expect(isScript(parsed) ? [] : parsed.errors).toEqual([{ line: 2, message: expect.stringContaining(message) }])
  })

  it.each([
    ['members a\nmembers b', 'line 1 says already who is there'],
    ['run 10\nrun 20', 'line 1 says already how long'],
    ['run 100\nat 200 crash a', 'at 200 the run is over'],
    ['members a b\njoin b', 'needs a new name'],
    ['join d\njoin d', 'needs a new name'],
  ])('says what does not go together in %j', (text, message) => {
    const parsed = parseScript(text)
    expect(isScript(parsed) ? [] : parsed.errors).toEqual([{ line: 2, message: expect.stringContaining(message) }])
  })

  it('whose members cannot be read is not told that nobody is there', () => {
    const parsed = parseScript('members d e F\ncrash d')
    expect(isScript(parsed) ? [] : parsed.errors.map(({ line }) => line)).toEqual([1])
  })

  it('is read or refused, whatever it is, and written as it was read', () => {
    const words =
      'members run at on stable wedged cbcast abcast tell note join leave crash freeze cut lose part heal a b d | # 5 90 "x" "'
    const word = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...words.split(' ')) },
      fc.string({ unit: 'binary' }),
    )
    const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.join('\n')
        const parsed = parseScript(text)
        if (isScript(parsed)) {
          const written = parsed.orders.map(({ atMs, order }) => `at ${atMs} ${writeOrder(order)}`)
          expect(read([`members ${parsed.members.join(' ')}`, ...written].join('\n')).orders).toEqual(parsed.orders)
        } else {
          expect(parsed.errors.length).toBeGreaterThan(0)
          const count = text.split('\n').length
          for (const { line, message } of parsed.errors) {
            expect(line).toBeLessThanOrEqual(count)
            expect(message.length).toBeLessThan(200)
          }
        }
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })

  it('is told of all its errors, by line, up to a length', () => {
    const parsed = parseScript('crash\ncrash a\ncrash zoe')
    expect(isScript(parsed) ? [] : parsed.errors.map(({ line }) => line)).toEqual([1, 3])
    expect(isScript(parseScript('#'.repeat(SCRIPT_LIMITS.characters + 1)))).toBe(false)
    expect(isScript(parseScript('heal\n'.repeat(SCRIPT_LIMITS.lines + 1)))).toBe(false)
  })

  it.each([
    'at 1 cbcast a "x"\non a "x" cbcast a "x"',
    // Twice as many with each answer.
    'tell a b "x"\non b "x" tell b a "y"\non b "x" tell b a "y"\non a "y" tell a b "x"\non a "y" tell a b "x"',
  ])('that answers itself for ever ends: %j', (text) => {
    for (const side of ownScenario(`members a b\n${text}\nrun 3000`).sides) {
      const run = startRun(side, 1)
      run.run(3_000)
      expect(run.notes.some(({ text }) => text.includes('no more'))).toBe(true)
      expect(run.events.length).toBeLessThan(5_000)
    }
  })

  it('may speak to one that is not there yet, or not any more', () => {
    const text =
      'members a b\nat 10 tell a d "x"\nat 10 cbcast d "y"\nat 10 cut a d\nat 200 join d\nat 500 crash b\nat 600 tell a b "z"'
    for (const side of ownScenario(text).sides) {
      const run = startRun(side, 1)
      run.run(1_500)
      expect([run.side.broken, run.members('a'), run.letters('d')]).toEqual([undefined, ['a', 'd'], []])
    }
  })

  it('is judged by what was sent: twice is right if it was sent twice', () => {
    const scenario = ownScenario('members a b\nat 1 abcast a "x"\nat 2 abcast a "x"\nrun 400')
    expect(verdicts(scenario)).toEqual([undefined, undefined])
  })

  it('is told what would give one order', () => {
    const scenario = ownScenario('members a b c\ncbcast a "x"\ncbcast b "y"\nrun 400')
    expect(verdicts(scenario)).toEqual([1, 2].map(() => expect.stringContaining('for one order, abcast both')))
  })

  it('to begin with shows a difference', () => {
    expect(verdicts(ownScenario(EXAMPLE_SCRIPT))).toEqual([expect.any(String), undefined])
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

/** What is said of both sides in the end. */
function verdicts(scenario: Scenario): (string | undefined)[] {
  return scenario.sides.map((side) => {
    const run = startRun(side, 1)
    run.run(read(side.script).lengthMs)
    return scenario.judge(run)
  })
}

function read(text: string): LabScript {
  const parsed = parseScript(text)
  if (isScript(parsed)) return parsed
  throw new Error(JSON.stringify(parsed.errors))
}
