import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Member, MessageId } from '../../peer/index.ts'
import { startOf } from '../../ui/chat/chat-line.ts'
import { ChatLog, type ChatValue } from '../../ui/chat/chat-log.ts'
import { dayText, isSameDay } from '../../ui/chat/dates.ts'
import { ReadingPlace } from '../../ui/chat/reading-place.ts'
import { OwnTyping, Typists, typingText } from '../../ui/chat/typists.ts'
import type { PartMessage } from '../../ui/index.ts'
import { hostileText } from '../browser/support/hostile-text.ts'

const profile = { name: 'x', color: 1 }
const newLog = (): ChatLog => new ChatLog(() => {})

describe('the lines', () => {
  it('stand in one order where they are concurrent, and an answer below what it answers', () => {
    const [ada, bo] = [newLog(), newLog()]
    const lines = [message(ada.compose('one', profile, 0), 'a.1'), message(bo.compose('two', profile, 0), 'b.1')]
    for (const line of lines) ada.apply(line)
    for (const line of lines.toReversed()) bo.apply(line)
    const last = bo.lines.at(-1)!
    const answer = message(ada.compose('three', profile, 0, last.id), 'a.1')
    for (const log of [ada, bo]) log.apply(answer)
    expect(bo.lines).toEqual(ada.lines)
    expect(ada.lines.at(-1)).toMatchObject({ text: 'three', answers: last.id })
    expect(ada.line(last.id)).toEqual(last)
  })

  it('keep the same last ones whatever order they came in', () => {
    const lines = Array.from({ length: 700 }, (_, n) =>
      message({ tutti: 'chat', text: `${n}`, at: n, time: n, color: 1 }, 'a', n),
    )
    const [one, other] = [newLog(), newLog()]
    for (const line of lines) one.apply(line)
    for (const line of lines.toReversed()) other.apply(line)
    expect(one.lines).toHaveLength(500)
    expect(other.lines).toEqual(one.lines)
  })

  it('keep their answers when they are sent again in another history of the group, and are there once [PT4]', () => {
    const [mine, theirs] = [newLog(), newLog()]
    const asked = mine.compose('Who is there?', profile, 0)
    mine.apply(message(asked, 'a.1', 1, 'x'))
    const answer = mine.compose('Nobody', profile, 0, mine.lines[0]!.id)
    mine.apply(message(answer, 'a.1', 2, 'x'))
    for (const [n, value] of [asked, answer, asked].entries()) theirs.apply(message(value, 'a.2', n, 'y'))
    expect(theirs.lines.map(({ id, text }) => [id, text])).toEqual(mine.lines.map(({ id, text }) => [id, text]))
    expect(theirs.line(theirs.lines[1]!.answers!)!.text).toBe('Who is there?')
  })

  it('reach a latecomer with what they answer, and say so where that is gone', () => {
    const [log, late] = [newLog(), newLog()]
    log.apply(message(log.compose('first', profile, 0), 'a.1'))
    const first = log.lines[0]!.id
    log.apply(message(log.compose('answer', profile, 0, first), 'b.1'))
    late.load(structuredClone(log.save()))
    expect(late.lines).toEqual(log.lines)
    expect(late.line(late.lines[1]!.answers!)!.text).toBe('first')
    for (let n = 0; n < 499; n++) log.apply(message(log.compose(`${n}`, profile, 0), 'a.1'))
    expect(log.lines[0]).toMatchObject({ text: 'answer', answers: first })
    expect(log.line(first)).toBeUndefined()
  })

  it('can not be put in the place of somebody else’s', () => {
    const log = newLog()
    const value: ChatValue = { ...log.compose('mine', profile, 0), key: 'k' }
    log.apply(message(value, 'a.1'))
    log.apply(message({ ...value, text: 'yours' }, 'b.1'))
    log.apply(message({ ...value, text: 'changed' }, 'a.1'))
    expect(log.lines.map(({ text }) => text)).toEqual(['mine', 'yours'])
  })

  it('are text, cut with a mark, whatever comes in', () => {
    const log = newLog()
    const hostile = { tutti: 'chat', at: 1, time: 1, text: hostileText, name: hostileText, answers: hostileText }
    log.apply(message(hostile, 'a.1'))
    const [line] = log.lines
    expect([...line!.text]).toHaveLength(2_000)
    expect([...line!.name]).toHaveLength(32)
    expect([...startOf(line!)].length).toBeLessThanOrEqual(120)
    for (const text of [line!.text, line!.name]) expect(text).toMatch(/^<img src=x [^\p{Control}\u202E\u2066]*…$/u)
    expect(line!.answers).toBeUndefined()
  })

  it('take values that make no sense without throwing', () => {
    const log = newLog()
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const all = { text: value, at: value, time: value, name: value, color: value, key: value, answers: value }
        log.apply(message({ tutti: 'chat', ...all }))
        log.apply(message({ tutti: 'chat', text: 'x', at: 1, time: 1, key: value, answers: value }))
        log.load(value)
        log.load([value])
      }),
    )
    log.load([])
    log.apply(message({ tutti: 'chat', text: 'x', at: 1, time: 9e15 }))
    log.apply(message({ tutti: 'chat', text: ' \u200B ', at: 1, time: 1 }))
    expect(log.lines).toEqual([])
  })

  it('can be written on after one whose clock is at its end', () => {
    const log = newLog()
    for (const at of [2 ** 50, Number.MAX_SAFE_INTEGER]) {
      log.apply(message({ ...log.compose(`at ${at}`, profile, 0), at }, 'b.1'))
    }
    for (const text of ['one', 'two']) log.apply(message(log.compose(text, profile, 0)))
    expect(log.lines.map(({ text }) => text).sort()).toEqual([`at ${2 ** 50}`, 'one', 'two'])
  })

  it('are not told of where they are older than all that is kept', () => {
    const came: string[] = []
    const log = new ChatLog((added) => came.push(...added.map(({ text }) => text)))
    for (let n = 0; n < 500; n++) log.apply(message(log.compose('new', profile, 0)))
    log.apply(message({ ...log.compose('old', profile, 0), at: 0 }))
    expect([came.length, came.includes('old')]).toEqual([500, false])
  })

  it('tell which ones came, and nothing of a state that was loaded', () => {
    const came: string[][] = []
    const log = new ChatLog((added) => came.push(added.map(({ text }) => text)))
    log.apply(message(log.compose('one', profile, 0), 'a.1'))
    log.load(log.save())
    expect(came).toEqual([['one'], []])
  })
})

describe('who types', () => {
  it('is known until the line comes, it is said to be over, nothing comes any more, or the member goes', () => {
    const typists = new Typists()
    const says = (from: Member, typing: unknown, now: number): boolean =>
      typists.apply({ value: { tutti: 'chat-typing', typing }, from }, now)
    const all = ['a.1', 'b.1', 'c.1', 'd.1'].map(member)
    expect(all.map((each, n) => says(each, true, n))).toEqual([true, true, true, true])
    expect(says(all[0]!, true, 2_000)).toBe(false)
    expect(typists.stop(all[1]!)).toBe(true)
    expect(says(all[2]!, false, 2_000)).toBe(true)
    expect(typists.members.map(({ id }) => id)).toEqual(['a.1', 'd.1'])
    expect(typists.nextEnd).toBe(5_003)
    expect(typists.expire(5_003)).toBe(true)
    expect(typists.keepOnly([all[0]!])).toBe(false)
    expect(typists.keepOnly([])).toBe(true)
    expect([typists.members, typists.nextEnd]).toEqual([[], undefined])
  })

  it('is one person, who came back under another member id, once [FD4]', () => {
    const typists = new Typists()
    for (const id of ['a.1', 'a.2']) typists.apply({ value: { typing: true }, from: member(id) }, 0)
    expect(typists.members.map(({ id }) => id)).toEqual(['a.2'])
  })

  it.each([
    [[], ''],
    [['Ada'], 'Ada is typing …'],
    [['Ada', 'Bo'], 'Ada and Bo are typing …'],
    [['Ada', 'Bo', 'Cy'], 'Several people are typing …'],
  ])('%j is told as %j', (names, text) => {
    expect(typingText(names)).toBe(text)
  })

  it('is told to the others now and then while it goes on, and once when it is over', () => {
    const told: boolean[] = []
    const own = new OwnTyping((typing) => {
      told.push(typing)
      return true
    })
    own.changed('', 0)
    for (let now = 0; now < 4_000; now += 100) own.changed('abc', now)
    own.changed('  ', 4_000)
    own.stop()
    expect(told).toEqual([true, true, false])
    own.changed('d', 4_100)
    own.said()
    own.stop()
    expect(told).toEqual([true, true, false, true])
  })

  it('is tried again with the next letter where it could not be told', () => {
    const answers = [false, true]
    const told: boolean[] = []
    const own = new OwnTyping((typing) => {
      told.push(typing)
      return answers.shift() ?? true
    })
    for (let now = 0; now < 300; now += 100) own.changed('abc', now)
    own.stop()
    expect(told).toEqual([true, true, false])
  })
})

describe('where one reads', () => {
  it('is the end as long as one is there, whatever comes', () => {
    const [place, log] = [new ReadingPlace(), { scrollHeight: 500, clientHeight: 100, scrollTop: 390 }]
    place.look(log)
    place.came('a')
    log.scrollHeight = 600
    place.keep(log)
    expect([log.scrollTop, place.unread, place.firstUnread]).toEqual([600, 0, undefined])
  })

  it('stays where one scrolled to, and counts what came below', () => {
    const [place, log] = [new ReadingPlace(), { scrollHeight: 500, clientHeight: 100, scrollTop: 200 }]
    place.look(log)
    for (const id of ['a', 'b', 'c']) place.came(id)
    place.keep(log)
    expect([log.scrollTop, place.unread, place.firstUnread]).toEqual([200, 3, 'a'])
    place.goToEnd()
    place.look(log)
    place.keep(log)
    expect([log.scrollTop, place.unread, place.firstUnread]).toEqual([500, 0, 'a'])
    log.scrollTop = 100
    place.look(log)
    place.came('d')
    expect([place.unread, place.firstUnread]).toEqual([1, 'd'])
    place.forget()
    expect(place.firstUnread).toBeUndefined()
  })

  it('is forgotten by one that is not shown for a while', () => {
    const [place, log] = [new ReadingPlace(), { scrollHeight: 500, clientHeight: 100, scrollTop: 400 }]
    place.look(log)
    place.look({ scrollHeight: 0, clientHeight: 0, scrollTop: 0 })
    log.scrollTop = 0
    place.keep(log)
    expect(log.scrollTop).toBe(500)
  })
})

describe('a date', () => {
  const now = new Date(2026, 2, 1, 9, 30).getTime()

  it.each([
    [new Date(2026, 2, 1, 0, 0), 'Today'],
    [new Date(2026, 1, 28, 23, 59), 'Yesterday'],
  ])('of %s is %s', (date, text) => {
    expect(dayText(date.getTime(), now)).toBe(text)
  })

  it('further off has its name', () => {
    const [near, far] = [new Date(2026, 0, 2), new Date(2025, 0, 2)].map((date) => dayText(date.getTime(), now))
    expect(near).not.toContain('2026')
    expect(far).toContain('2025')
    expect(dayText(new Date(2026, 2, 2).getTime(), now)).not.toBe('Today')
  })

  it('can be as far off as a date can be', () => {
    for (const time of [0, 8.64e15]) expect(dayText(time, now)).not.toBe('')
    expect(isSameDay(now, new Date(2026, 2, 1, 23).getTime())).toBe(true)
    expect(isSameDay(now, new Date(2026, 2, 2, 0).getTime())).toBe(false)
  })
})

let messages = 0

function member(id: string): Member {
  return { id, name: id, metadata: null, rank: 0 } as unknown as Member
}

function message(value: unknown, from = 'a.1', number = ++messages, lineage = 'l'): PartMessage {
  return { id: `${lineage}/1/${from}/${number}` as MessageId, kind: 'causal', value, from: member(from) }
}
