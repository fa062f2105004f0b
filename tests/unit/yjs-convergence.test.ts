import { afterEach, beforeEach, expect, it } from 'vitest'
import { Rig } from '../contract/group-support.ts'
import { converged, together, type Writer, writer, writers } from './yjs-support.ts'

// Random edits while providers crash, join, leave and are cut off from each other: in the end all have the same.

let rig: Rig

beforeEach(() => {
  rig = new Rig()
})

afterEach(() => rig.close())

it.each([2, 3, 5])(
  'all have the same, and all that those who stayed wrote (run %i)',
  async (seed) => {
    const dice = diceOf(seed)
    const all = await writers(rig, 4)
    const written = new Map(all.map((one) => [one, 0]))
    const write = (one: Writer): void => {
      const { text } = one
      const at = dice(text.length + 1)
      if (dice(3) === 0) text.delete(at, Math.min(dice(6), text.length - at))
      else text.insert(at, 'x'.repeat(1 + dice(5)))
      const count = written.get(one)! + 1
      written.set(one, count)
      one.doc.getMap('marks').set(`${one.doc.clientID}/${count}`, true)
    }
    const faults: (() => void)[] = [
      () => rig.isolate(all[dice(all.length)]!.peer),
      () => rig.split(...halves(all).map((side) => side.map(({ peer }) => peer))),
      () => rig.mend(),
      () => rig.mend(),
      () => all[dice(all.length)]!.provider.disconnect(),
      () => {
        for (const { provider } of all) provider.connect()
      },
      () => {
        const late = writer(rig)
        written.set(late, 0)
        all.push(late)
      },
      () => {
        // A page that closes: what it wrote last may be gone with it.
        const [gone] = all.length > 3 ? all.splice(dice(all.length), 1) : []
        if (gone !== undefined) void gone.peer.close()
      },
    ]
    for (let step = 0; step < 150; step++) {
      write(all[dice(all.length)]!)
      if (dice(8) === 0) faults[dice(faults.length)]!()
      if (dice(3) === 0) await new Promise((resolve) => setTimeout(resolve, dice(25)))
    }
    rig.mend()
    for (const { provider } of all) provider.connect()
    await together(all)
    await converged(all)
    const marks = new Set(all[0]!.doc.getMap('marks').keys())
    const missing = all.flatMap((one) =>
      Array.from({ length: written.get(one)! }, (_, n) => `${one.doc.clientID}/${n + 1}`).filter(
        (mark) => !marks.has(mark),
      ),
    )
    expect(missing).toEqual([])
  },
  60_000,
)

function halves(all: readonly Writer[]): [Writer[], Writer[]] {
  return [all.slice(0, all.length >> 1), all.slice(all.length >> 1)]
}

/** Whole numbers below a bound, the same at every run. */
function diceOf(seed: number): (below: number) => number {
  let state = seed * 7_919
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
