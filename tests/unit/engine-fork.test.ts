import { describe, expect, it } from 'vitest'
import type { Lineage, MemberId, PeerId } from '../../peer/base/ids.ts'
import { Bench } from './engine-support.ts'

/** Forks where words of the view before them come late, or two initiators ask the same member. */

const NAMES = ['a', 'b', 'c', 'd', 'e']
const OWN = 'g' as Lineage

describe('a member of a fork', () => {
  it('stays one when what it said in the view before comes late, by any way [PT3] [VW7]', () => {
    const bench = parted()
    const tag = bench.tag('b')
    bench.give('a', { type: 'fork' })
    bench.until(() => bench.inOneView(['a', 'b']))
    const { number } = bench.view('a')!
    bench.inject(
      'a',
      'b',
      { kind: 'hello', lineage: OWN, number: tag.number, members: 5, idle: false, blocked: true },
      tag,
    )
    bench.run(2_000)
    expect(bench.view('a')!.number).toBe(number)
    expect(bench.inOneView(['a', 'b'])).toBe(true)
  })

  it('is left out when it is in another lineage since [PT3] [FD3]', () => {
    const bench = parted()
    bench.give('a', { type: 'fork' })
    bench.until(() => bench.inOneView(['a', 'b']))
    const hello = { kind: 'hello', lineage: 'g~5.1', number: 6, members: 1, idle: false, blocked: false } as const
    bench.engines.delete('b' as PeerId)
    bench.inject('a', 'b', { ...hello, lineage: 'g~5.1' as Lineage }, { number: 6 })
    bench.until(() => bench.inOneView(['a']))
  })
})

describe('members without a quorum', () => {
  it('fork though one of them repeats the round that it began for ever [PT3]', () => {
    const bench = parted()
    const tag = bench.tag('b')
    const repeat = () => bench.inject('a', 'b', { kind: 'prepare', ballot: 40 * 4096 + 1 }, tag)
    repeat()
    bench.give('a', { type: 'fork' })
    for (let round = 0; members(bench, 'a').length > 2; round++) {
      expect(round).toBeLessThan(100)
      repeat()
      bench.run(50)
    }
    bench.until(() => bench.inOneView(['a', 'b']))
  })
})

describe('one that was asked into a second fork before it heard of the first', () => {
  it('is waited for in neither, and waits for neither [PT3] [VW8]', () => {
    const bench = parted()
    const tag = bench.tag('b')
    expect(tag.number, 'the view that the key below is of').toBe(5)
    bench.hold('a', 'b', 'decide')
    bench.give('a', { type: 'fork' })
    bench.until(() => members(bench, 'a').join() === 'a.1,b.1')
    expect(members(bench, 'b')).toHaveLength(5)
    bench.inject('b', 'c', { kind: 'fork', ballot: 40 * 4096 + 2, lineage: 'g~5.2' as Lineage }, tag)
    bench.letThrough()
    bench.until(() => members(bench, 'a').join() === 'a.1')
    bench.give('b', { type: 'suspect', member: 'c.1' as MemberId })
    bench.until(() => members(bench, 'b').join() === 'b.1')
  })
})

/** Five of whom three have died, and no quorum is left. */
function parted(): Bench {
  const bench = new Bench(NAMES)
  const dead = ['c', 'd', 'e']
  for (const name of dead) bench.engines.delete(name as PeerId)
  for (const by of ['a', 'b']) {
    bench.give(by, ...dead.map((name) => ({ type: 'suspect', member: `${name}.1` as MemberId }) as const))
  }
  return bench
}

function members(bench: Bench, peer: string): string[] {
  return (bench.view(peer)?.members ?? []).map(({ id }) => id)
}
