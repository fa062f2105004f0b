import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GroupEvent } from '../../peer/client/types.ts'
import type { Clock } from '../../peer/runtime/clock.ts'
import { join, type Lister, type Page, Pages } from './client-page-support.ts'
import { failure, ManualClock, thrown, turn } from './client-support.ts'

let pages: Pages
/** Of a test that lets the time pass by itself. */
let clock: ManualClock | undefined

beforeEach(() => {
  pages = new Pages()
})

afterEach(async () => {
  const closed = pages.close()
  await clock?.pass(60_000)
  clock = undefined
  await closed
  vi.unstubAllGlobals()
})

const until = (what: () => unknown) => expect.poll(what, { timeout: 10_000, interval: 5 })

/** Pages whose members are all in one view. */
async function together(count: number): Promise<[Page, Lister][]> {
  const all: [Page, Lister][] = []
  for (let n = 0; n < count; n++) {
    const page = pages.open()
    all.push([page, await join(page)])
  }
  await until(() => all.map(([, { group }]) => group.view.members.length)).toEqual(all.map(() => count))
  return all
}

function memberIds({ group }: Lister): string[] {
  return group.view.members.map(({ id }) => id)
}

describe('a page that is put aside and comes back', () => {
  it('keeps its group, listeners and iterators, and has the state of the others [FD3] [FD4]', async () => {
    const [[page, kept], [, other]] = (await together(2)) as [[Page, Lister], [Page, Lister]]
    const [before, peer] = [kept.group.self.id, page.peer.id]
    const events: GroupEvent<number>[] = []
    const reading = (async () => {
      for await (const event of kept.group) events.push(event)
    })()
    await other.group.abcast(1).stable
    page.hide(true)
    expect([kept.group.status, page.peer.signaling, page.peer.links]).toEqual(['rejoining', 'connecting', []])
    await until(() => other.group.view.members.length).toBe(1)
    await other.group.abcast(2)
    page.show()
    await until(() => kept.group.status).toBe('member')
    expect(kept.group.self.id).not.toBe(before)
    expect(page.peer.id).toBe(peer)
    expect(kept.told).toEqual(['rejoining', 'load 1,2', 'member'])
    expect(memberIds(kept)).toEqual([other.group.self.id, kept.group.self.id])
    await kept.group.abcast(3)
    await other.group.cbcast(4).stable
    await until(() => [kept.list, other.list]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ])
    await kept.group.leave()
    await reading
    expect(events.flatMap((event) => (event.type === 'message' ? event.value : []))).toEqual([1, 3, 4])
    expect(page.traced.filter(({ event }) => event === 'left')).toMatchObject([
      { peer: before, reason: 'closed' },
      { peer: kept.group.self.id, reason: 'left' },
    ])
  })

  it('comes and goes as often as it likes', async () => {
    const [[page, kept], [, other]] = (await together(2)) as [[Page, Lister], [Page, Lister]]
    for (let time = 1; time <= 3; time++) {
      page.hide(true)
      // Back before it has got anywhere, and gone again.
      page.show()
      page.hide(true)
      page.show()
      await until(() => [kept.group.status, kept.group.view.members.length]).toEqual(['member', 2])
      await other.group.abcast(time)
      await until(() => kept.list.at(-1)).toBe(time)
    }
    expect(kept.list).toEqual([1, 2, 3])
  })

  it('is told of each of its multicasts what became of it [RC1]', async () => {
    // The eldest, which orders, has its own at once.
    const [[, other], [page, kept]] = (await together(2)) as [[Page, Lister], [Page, Lister]]
    const first = kept.group.abcast(1)
    const [delivered, stable] = [failure(first), failure(first.stable)]
    page.hide(true)
    const meanwhile = kept.group.cbcast(2)
    expect(await failure(meanwhile)).toMatchObject({ code: 'excluded', fate: 'not-sent' })
    for (const failed of [delivered, stable]) expect((await failed).code).toBe('excluded')
    page.show()
    await until(() => kept.group.status).toBe('member')
    await kept.group.abcast(3).stable
    expect(kept.list).toEqual(other.list)
    expect(kept.list.at(-1)).toBe(3)
    expect(kept.list).not.toContain(2)
  })

  it('founds again with its own state if it was alone, and if all others have gone meanwhile', async () => {
    const [[page, kept], [away, other]] = (await together(2)) as [[Page, Lister], [Page, Lister]]
    await kept.group.abcast(1).stable
    page.hide(true)
    await until(() => other.group.view.members.length).toBe(1)
    away.hide(false)
    page.show()
    await until(() => kept.group.status).toBe('member')
    page.hide(true)
    page.show()
    await until(() => kept.group.status).toBe('member')
    await kept.group.abcast(2)
    const late = await join(pages.open())
    expect([kept.list, late.list]).toEqual([
      [1, 2],
      [1, 2],
    ])
    expect(kept.told.filter((line) => line.startsWith('load'))).toEqual([])
  })

  it('goes on joining where it was', async () => {
    const [[there, other]] = (await together(1)) as [[Page, Lister]]
    await other.group.abcast(7)
    const page = pages.open()
    pages.network.cut(there.peer.id, page.peer.id)
    const joining = join(page)
    await until(() => page.peer.links).toMatchObject([{ state: 'connecting' }])
    page.hide(true)
    pages.network.heal(there.peer.id, page.peer.id)
    page.show()
    const joined = await joining
    expect(joined.list).toEqual([7])
    await until(() => memberIds(other)).toEqual([other.group.self.id, joined.group.self.id])
  })

  it('joins what it was asked to join while it was away', async () => {
    const page = pages.open()
    page.hide(true)
    const joining = join(page)
    page.show()
    expect((await joining).group.status).toBe('member')
  })

  it('waits for what its application is loading, and loads the state anew [ST1]', async () => {
    const [[, other]] = (await together(1)) as [[Page, Lister]]
    await other.group.abcast(1)
    const page = pages.open()
    const loads: (() => void)[] = []
    const joining = join(page, { load: () => new Promise((resolve) => loads.push(resolve)) })
    await until(() => loads.length).toBe(1)
    page.hide(true)
    await until(() => other.group.view.members.length).toBe(1)
    await other.group.abcast(2)
    page.show()
    loads[0]!()
    await until(() => loads.length).toBe(2)
    loads[1]!()
    const joined = await joining
    expect([joined.list, joined.group.status]).toEqual([[1, 2], 'member'])
  })

  it('waits for what its application is saving', async () => {
    const [[page, kept]] = (await together(1)) as [[Page, Lister]]
    await kept.group.abcast(1)
    const saves: ((state: number[]) => void)[] = []
    kept.group.state!.save = () => new Promise((resolve) => saves.push(resolve))
    const late = pages.open()
    const joining = join(late)
    await until(() => saves.length).toBe(1)
    page.hide(true)
    const { engine, busy } = kept.group.inspect()
    expect([engine.phase, busy]).toEqual(['ended', 'saving'])
    page.show()
    await until(() => page.peer.links.length).toBe(0)
    late.hide(false)
    expect((await failure(joining)).code).toBe('closed')
    saves[0]!([1])
    await until(() => kept.told).toEqual(['rejoining', 'member'])
    expect(kept.list).toEqual([1])
  })

  it('that leaves or is closed while it is away is at its end at once', async () => {
    const [[page, kept], [away, other]] = (await together(2)) as [[Page, Lister], [Page, Lister]]
    await Promise.all([kept.group.abcast(1).stable, other.group.abcast(2).stable])
    page.hide(true)
    const leaving = kept.group.leave()
    await turn()
    expect([kept.group.status, thrown(() => kept.group.cbcast(1)).code]).toEqual(['left', 'left'])
    away.hide(true)
    const closing = away.peer.close()
    await turn()
    expect([other.group.status, thrown(() => other.group.cbcast(1)).code]).toEqual(['left', 'closed'])
    await Promise.all([leaving, closing])
    page.show()
    away.show()
    expect((await join(page)).group.view.members).toHaveLength(1)
    expect((await failure(away.peer.join('room'))).code).toBe('closed')
  })

  it('that was leaving has left', async () => {
    const [[page, kept], [, other]] = (await together(2)) as [[Page, Lister], [Page, Lister]]
    const leaving = kept.group.leave()
    page.hide(true)
    await leaving
    page.show()
    expect(kept.group.status).toBe('left')
    await until(() => other.group.view.members.length).toBe(1)
  })

  it('ends with a word where the signaling can not be opened again', async () => {
    const connect = pages.signaling.connect.bind(pages.signaling)
    pages.signaling.connect = () => {
      const signaling = connect()
      const open = signaling.open.bind(signaling)
      let opened = 0
      signaling.open = (...args) => {
        if (opened++ > 0) throw new Error('opened once only')
        open(...args)
      }
      return signaling
    }
    const page = pages.open()
    const { group } = await join(page)
    const errors: string[] = []
    page.peer.addEventListener('error', ({ error }) => errors.push(error.message))
    page.hide(true)
    page.show()
    await until(() => group.status).toBe('left')
    expect(errors).toEqual(["the signaling can't be opened again: connect again"])
  })
})

describe('a process that slept for', () => {
  it.each([
    ['longer than any timeout', 600_000],
    ['half a minute', 30_000],
  ])('%s, its links gone, comes back by itself with the state of the others [FD1] [FD4]', async (_, sleptMs) => {
    const time = new ManualClock()
    clock = time
    const sleeper = new SleepyClock(time)
    const [one, other, asleep] = [pages.open(time), pages.open(time), pages.open(sleeper)]
    const all: Lister[] = []
    for (const page of [one, other, asleep]) {
      void join(page).then((lister) => all.push(lister))
      await time.pass(3_000)
    }
    const [awake, , slept] = all as [Lister, Lister, Lister]
    expect(memberIds(awake)).toHaveLength(3)
    await Promise.all([awake.group.abcast(1), time.pass(500)])
    const before = slept.group.self.id
    for (const { peer } of [one, other]) pages.network.cut(peer.id, asleep.peer.id)
    pages.signaling.cut(asleep.peer.id)
    sleeper.sleep()
    await time.pass(sleptMs)
    expect(awake.group.view.members).toHaveLength(2)
    const told = awake.group.abcast(2)
    await time.pass(500)
    await told
    sleeper.wake()
    pages.signaling.mend(asleep.peer.id)
    for (const { peer } of [one, other]) pages.network.heal(peer.id, asleep.peer.id)
    await time.pass(5_000)
    expect(all.map(({ group }) => group.status)).toEqual(['member', 'member', 'member'])
    expect(memberIds(awake)).toHaveLength(3)
    expect(slept.group.self.id).not.toBe(before)
    expect(all.map(({ list }) => list)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ])
    // Nobody else was suspected: the others were in one view all the time.
    expect(awake.told).toEqual([])
  })
})

/** The clock of a process that can sleep: time passes, and no timer fires until it wakes. */
class SleepyClock implements Clock {
  readonly #clock: Clock
  #missed: (() => void)[] | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  at(atMs: number, run: () => void): () => void {
    let live = true
    const cancel = this.#clock.at(atMs, () => {
      if (this.#missed === undefined) run()
      else this.#missed.push(() => live && run())
    })
    return () => {
      live = false
      cancel()
    }
  }

  defer(run: () => void): void {
    this.#clock.defer(run)
  }

  sleep(): void {
    this.#missed = []
  }

  wake(): void {
    const missed = this.#missed ?? []
    this.#missed = undefined
    for (const run of missed) run()
  }
}
