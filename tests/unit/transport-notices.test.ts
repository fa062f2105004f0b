import { describe, expect, it } from 'vitest'
import { Notices } from '../../peer/transport/notices.ts'

/** Notices whose turns the test ends by hand. */
function underHand(): { notices: Notices; turns: (() => void)[] } {
  const turns: (() => void)[] = []
  return { notices: new Notices((run) => turns.push(run)), turns }
}

describe('notices', () => {
  it('wait for the end of the turn and keep their order', () => {
    const { notices, turns } = underHand()
    const heard: number[] = []
    for (const number of [1, 2, 3]) notices.add(() => heard.push(number))
    expect([heard, turns.length]).toEqual([[], 1])
    turns[0]!()
    expect(heard).toEqual([1, 2, 3])
  })

  it('added from inside a notice come in a turn of their own', () => {
    const { notices, turns } = underHand()
    const heard: string[] = []
    notices.add(() => {
      notices.add(() => heard.push('inner'))
      heard.push('outer')
    })
    turns[0]!()
    expect(heard).toEqual(['outer'])
    turns[1]!()
    expect(heard).toEqual(['outer', 'inner'])
  })

  it('survive a listener that throws, whose error is not swallowed', () => {
    const { notices, turns } = underHand()
    const heard: number[] = []
    notices.add(() => {
      notices.add(() => heard.push(3))
      throw new Error('broken listener')
    })
    notices.add(() => heard.push(2))
    expect(turns[0]!).toThrow('broken listener')
    for (const turn of turns.slice(1)) turn()
    expect(heard).toEqual([2, 3])
  })

  it('end at close, even in the middle of a turn', () => {
    const { notices, turns } = underHand()
    const heard: number[] = []
    notices.add(() => notices.close())
    notices.add(() => heard.push(1))
    for (const turn of turns) turn()
    notices.add(() => heard.push(2))
    expect([heard, turns.length]).toEqual([[], 1])
  })
})
