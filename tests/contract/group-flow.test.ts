import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TuttiError } from '../../peer/base/errors.ts'
import type { Group, GroupEvent } from '../../peer/client/types.ts'
import { eventually, messages, Rig, size } from './group-support.ts'

const CONFIG = { windowBytes: 64 * 1024, consumerQueueBytesMax: 100_000 }
/** Of 10,000 bytes: what an iterator holds when it is full, and what was on its way before its sender knew. */
const UNREAD_MOST = 10 + 2 * 7

let rig: Rig

beforeEach(() => {
  rig = new Rig()
})

afterEach(() => rig.close())

/** Several peers in one group, all in one view. */
async function together(count: number): Promise<Group[]> {
  const groups: Group[] = []
  for (let i = 0; i < count; i++) groups.push(await rig.peer({ config: CONFIG }).join('room'))
  await Promise.all(groups.map((group) => size(group, count)))
  return groups
}

describe('a large value', () => {
  it('comes whole, with its progress told at both ends, and those after it after it [FL3] [OR1]', async () => {
    const groups = await together(3)
    const heard = groups.map((group) => {
      const events: GroupEvent[] = []
      for (const type of ['message', 'progress'] as const) group.addEventListener(type, (event) => events.push(event))
      return events
    })
    const value = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) ^ (index >> 8))
    const receipt = groups[0]!.cbcast(value)
    groups[0]!.cbcast('after')
    await receipt.stable
    await eventually(() => heard.map((events) => events.filter(({ type }) => type === 'message').length)).toEqual([
      2, 2, 2,
    ])
    for (const events of heard) {
      const values = events.flatMap((event) => (event.type === 'message' ? [event.value] : []))
      expect(Buffer.compare(values[0] as Uint8Array, value)).toBe(0)
      expect(values.slice(1)).toEqual(['after'])
      const told = events.flatMap((event) => (event.type === 'progress' ? [event] : []))
      expect(told.length).toBeGreaterThan(3)
      for (const { from, bytes, total } of told) {
        expect(from.id).toBe(groups[0]!.self.id)
        expect(bytes).toBeLessThanOrEqual(total)
        expect(total).toBeGreaterThanOrEqual(value.length)
      }
      expect(told.map(({ bytes }) => bytes)).toEqual(told.map(({ bytes }) => bytes).sort((a, b) => a - b))
    }
  })

  it('taken back half way rejects its receipt, and reaches nobody [RC1]', async () => {
    const groups = await together(2)
    const lines = messages(groups[1]!)
    const controller = new AbortController()
    groups[0]!.addEventListener('progress', () => controller.abort(), { once: true })
    const receipt = groups[0]!.cbcast(new Uint8Array(1_000_000), { signal: controller.signal })
    const error = await Promise.resolve(receipt).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(TuttiError)
    expect(error).toMatchObject({ code: 'aborted', fate: 'not-sent' })
    await groups[0]!.cbcast('after').stable
    await eventually(() => lines).toEqual(['after'])
  })
})

describe('an iterator that is not read', () => {
  it('stops who sends to it, for as long as it is full, and nothing is lost [FL1] [FL2]', async () => {
    const groups = await together(2)
    const iterator = groups[1]![Symbol.asyncIterator]()
    groups[0]!.cbcast('first')
    for (let type = ''; type !== 'message'; ) type = (await iterator.next()).value!.type
    const receipts = Array.from({ length: 100 }, (_, i) => groups[0]!.cbcast(new Uint8Array(10_000).fill(i)))
    let stable = 0
    for (const { stable: isStable } of receipts) void isStable.then(() => stable++)
    await eventually(() => stable).toBeGreaterThan(5)
    const seen: number[] = []
    while (seen.length < 100) {
      const next = await iterator.next()
      if (!next.done && next.value.type === 'message') seen.push((next.value.value as Uint8Array)[0]!)
      expect(stable).toBeLessThanOrEqual(seen.length + UNREAD_MOST)
    }
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i))
    await Promise.all(receipts.map((receipt) => receipt.stable))
    await iterator.return?.()
  })
})
