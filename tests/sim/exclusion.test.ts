import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { SimReceipt } from '../../peer/simulator/application.ts'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'
import { are, expectSettled, idsIn, within } from './faults-table-support.ts'

/** A member left out while it stood still: what it is told of its multicasts when it wakes, and how it comes back. */

const ASLEEP_MS = 30_000

describe('a member left out while it stood still for 30 s', () => {
  it('learns that what the others had got is in the cut, and finds it in its new state [FD4] [RC1]', () => {
    const { script, members, sleeper, others } = start()
    const receipt = cast(script, sleeper)
    sleep(script, sleeper, others)
    for (const other of others) expect(other.application.delivered).toBe(1)
    expect([receipt.delivered, receipt.stable, receipt.fate]).toEqual([true, false, undefined])
    wakeAndReturn(script, sleeper, others)
    expect(receipt.fate).toBe('in-cut')
    for (const member of members) expect(idsIn(member).has(receipt.id!)).toBe(true)
  })

  it('learns that what never left it is not sent, and does not find it in its new state [FD4] [RC1]', () => {
    const { script, members, sleeper, others } = start()
    for (const other of others) script.world.network.cut(sleeper.id, other.id)
    const receipt = cast(script, sleeper)
    sleep(script, sleeper, others)
    wakeAndReturn(script, sleeper, others)
    expect(receipt.delivered).toBe(true)
    expect(receipt.fate).toBe('not-sent')
    for (const member of members) expect(idsIn(member).has(receipt.id!)).toBe(false)
  })

  it('learns the same of what it multicasts before it knows [FD4] [RC1]', () => {
    const { script, sleeper, others } = start()
    sleep(script, sleeper, others)
    sleeper.wake()
    script.run(100)
    const receipts = (['fifo', 'causal', 'total'] as const).map((kind) => sleeper.cast(kind, 20)!)
    script.run(100)
    expect(receipts.map(({ fate }) => fate)).toEqual([undefined, undefined, undefined])
    wakeAndReturn(script, sleeper, others)
    expect(receipts.map(({ fate }) => fate)).toEqual(['not-sent', 'not-sent', 'not-sent'])
  })

  it('learns the one and the other where one of its multicasts got out and the next did not [FD4] [RC1] [OR1]', () => {
    const { script, sleeper, others } = start()
    const [one, ...rest] = others
    // One other has the first two; the third stays behind.
    for (const other of rest) script.world.network.cut(sleeper.id, other.id)
    const out = [cast(script, sleeper), cast(script, sleeper)]
    script.world.network.cut(sleeper.id, one!.id)
    const kept = cast(script, sleeper)
    sleep(script, sleeper, others)
    wakeAndReturn(script, sleeper, others)
    expect([...out, kept].map(({ fate }) => fate)).toEqual(['in-cut', 'in-cut', 'not-sent'])
  })

  it('learns its fates from newcomers when all that knew it are gone [FD4] [RC1]', () => {
    const { script, sleeper, others } = start()
    const receipt = cast(script, sleeper)
    sleep(script, sleeper, others)
    let present = others
    for (const reloaded of others) {
      reloaded.close()
      const anew = script.world.start()
      present = [...present.filter((peer) => peer !== reloaded), anew]
      within(script, 10_000, 'a new one took its place', are(script, present))
    }
    wakeAndReturn(script, sleeper, present)
    expect(receipt.fate).toBe('in-cut')
  })

  it('is told that it is unknown only after more views than are kept [FD4] [RC1]', () => {
    const FATES_KEPT = 3
    for (const [views, fate] of [
      [FATES_KEPT, 'in-cut'],
      [FATES_KEPT + 1, 'unknown'],
    ] as const) {
      const { script, sleeper, others } = start(FATES_KEPT)
      const receipt = cast(script, sleeper)
      sleep(script, sleeper, others)
      const [first] = others
      for (let view = 0; view < views; view++) {
        const { number } = first!.view!
        if (view % 2 === 0) script.world.start()
        else script.world.peers.at(-1)!.close()
        script.until('the view has changed', () => first!.view!.number > number)
      }
      const present = script.world.living().filter((peer) => peer !== sleeper)
      script.until('those awake are settled', () => present.every((peer) => peer.ready))
      wakeAndReturn(script, sleeper, present)
      expect(receipt.fate).toBe(fate)
    }
  })

  it('comes back as often as it is left out, each time under a new id [FD4]', () => {
    const { script, sleeper, others } = start()
    for (const attempt of [1, 2, 3]) {
      expect(sleeper.self).toBe(`${sleeper.id}.${attempt}`)
      const receipt = cast(script, sleeper)
      sleep(script, sleeper, others)
      wakeAndReturn(script, sleeper, others)
      expect(receipt.fate).toBe('in-cut')
    }
  })
})

describe('the smaller side of a partition', () => {
  it('learns which of its multicasts the others had, which not, and which were never sent [PT2] [FD4] [RC1]', () => {
    const { script, members } = start()
    const [p1, p2, p3, p4] = members as [SimPeer, SimPeer, SimPeer, SimPeer]
    const p5 = script.world.start()
    script.until('a fifth is in', are(script, [p1, p2, p3, p4, p5]))
    const before = cast(script, p5)
    script.run(HOP_MS + 1)
    const heal = script.part([p4, p5], [p1, p2, p3])
    const apart = cast(script, p5)
    script.until('they are blocked', () => p4.blocked && p5.blocked)
    const queued = p5.cast('total', 20)!
    script.until('three go on', are(script, [p1, p2, p3]))
    expect([apart.delivered, queued.id]).toEqual([true, undefined])
    heal()
    within(script, 10_000, 'they are five again', () => [p1, p4, p5].every((peer) => peer.view?.members.length === 5))
    expectSettled(script)
    expect([before, apart, queued].map(fateOf)).toEqual(['in-cut', 'not-sent', 'not-sent'])
  })
})

/** A group of four, the third of which will sleep. */
function start(fatesKept = DEFAULT_CONFIG.fatesKept) {
  const script = new Script({ config: { ...DEFAULT_CONFIG, fatesKept } })
  const members = script.group(4)
  const sleeper = members[2]!
  return { script, members, sleeper, others: members.filter((peer) => peer !== sleeper) }
}

/** Multicasts, and waits until that has left, but has not come anywhere. */
function cast(script: Script, peer: SimPeer): SimReceipt {
  const receipt = peer.cast('causal', 20)!
  script.run(1)
  return receipt
}

/** It stands still until the others have gone on without it, and 30 s are over. What it was sent meanwhile is lost. */
function sleep(script: Script, sleeper: SimPeer, others: readonly SimPeer[]): void {
  const since = script.world.now
  sleeper.freeze()
  script.part([sleeper], others)
  within(script, 20_000, 'it is left out', are(script, others))
  script.run(ASLEEP_MS - (script.world.now - since))
}

function wakeAndReturn(script: Script, sleeper: SimPeer, others: readonly SimPeer[]): void {
  script.world.network.heal()
  sleeper.wake()
  within(script, 5_000, 'it is back', are(script, [...others, sleeper]))
  expectSettled(script)
}

function fateOf({ stable, fate }: SimReceipt): string | undefined {
  return stable ? 'in-cut' : fate
}
