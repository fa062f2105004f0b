import { DEFAULT_CONFIG } from '../../../peer/base/config.ts'
import type { SimPeer } from '../../../peer/simulator/peer.ts'
import { holds } from '../breach.ts'
import { crash, group, mute, onceHandled, type Scenario, suspect, unmute } from './scenario.ts'

const WINDOW_BYTES = 2_048
const UNREAD_MAX = 2_048
const STALL_MS = 5_000
const SMALL = {
  config: {
    ...DEFAULT_CONFIG,
    windowMessages: 8,
    windowBytes: WINDOW_BYTES,
    fragmentBytes: 256,
    consumerQueueBytesMax: UNREAD_MAX,
    windowStallMs: STALL_MS,
  },
} as const
const BYTES = 100

/** Runs in which windows close, values are larger than a window, and applications do not read. */
export const flowScenarios: readonly Scenario[] = [
  {
    name: 'values larger than the window',
    options: SMALL,
    act(script) {
      const [p1, p2] = group(script, 3)
      p1.cast('causal', 10 * WINDOW_BYTES)
      p2.cast('total', 5 * WINDOW_BYTES, true)
      casts(p1, 30)
      casts(p2, 30)
      script.quiet()
    },
  },
  {
    name: 'one that waits for the sequencer, beside one that sends',
    options: SMALL,
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      script.part([p4, p5], [p1, p2, p3])
      for (let i = 0; i < 12; i++) p4.cast('total', BYTES)
      for (let i = 0; i < 20; i++) {
        p5.cast('fifo', BYTES)
        script.run(600)
      }
    },
  },
  {
    name: 'a value whose end comes after a promise',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      p1.cast('fifo', WINDOW_BYTES + 3 * BYTES)
      script.run(5)
      // What the window held back waits in the links.
      mute(script, p1, p2, p3)
      script.run(60)
      onceHandled(script, 'prepare', p3, 1, () => unmute(script, p1, p3))
      suspect(p2, p1)
      suspect(p3, p1)
      script.run(200)
    },
  },
  {
    name: 'a few large messages',
    options: { config: { ...SMALL.config, windowMessages: 64, fragmentBytes: 1_024 } },
    act(script) {
      const [p1] = group(script, 3)
      casts(p1, 30, 1_000)
      script.quiet()
    },
  },
  {
    name: 'a value taken back half way',
    options: SMALL,
    act(script) {
      const [p1] = group(script, 3)
      for (const isBulk of [false, true]) {
        const value = p1.cast('causal', 10 * WINDOW_BYTES, isBulk)!
        script.run(60)
        holds('FL3', 'a value is on its way', p1.isSending)
        p1.cancel(value)
        script.run(1_000)
        const next = p1.cast('causal', 3 * WINDOW_BYTES)!
        script.quiet()
        holds('RC1', 'one taken back was not sent', value.fate === 'not-sent' && next.stable)
      }
      const kept = p1.membership.runtime.engine.inspect().view!.members.map(({ buffered }) => buffered)
      holds('FL1', 'nothing is kept of it', Math.max(...kept) === 0)
    },
  },
  {
    name: 'a view that ends in the middle of a value',
    options: SMALL,
    act(script) {
      const [p1, p2] = group(script, 2)
      const value = p1.cast('total', 10 * WINDOW_BYTES)!
      p2.cast('causal', 10 * WINDOW_BYTES, true)
      script.run(60)
      holds('FL3', 'values are on their way', p1.isSending && p2.isSending)
      const joiner = script.world.start()
      script.until('it has joined', () => joiner.ready)
      script.quiet()
      holds('DL2', 'the value is sent in the next view', value.stable)
    },
  },
  {
    name: 'a small one behind a bulk value',
    options: SMALL,
    act(script) {
      const [p1] = group(script, 3)
      const value = p1.cast('causal', 20 * WINDOW_BYTES, true)!
      script.run(60)
      const small = p1.cast('causal', BYTES)!
      script.run(100)
      holds('FL3', 'small ones go between the parts of a bulk value', small.delivered && !value.delivered)
      script.quiet()
    },
  },
  {
    name: 'a reader that stops for a while',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      const { installs } = script.world
      p3.consumer.read('stopped')
      casts(p1, 300)
      casts(p2, 300)
      script.run(STALL_MS / 2)
      const bytesMax = UNREAD_MAX + 2 * (WINDOW_BYTES + BYTES)
      holds('FL1', 'one that does not read is not given more', p3.consumer.unreadBytes <= bytesMax)
      p3.consumer.read('keen')
      script.quiet()
      holds('FL2', 'one that reads again is not given up', script.world.installs === installs)
    },
  },
  {
    name: 'a reader that reads no more',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      p3.consumer.read('stopped')
      casts(p1, 200)
      script.run(STALL_MS + 3_000)
      holds('FL2', 'who holds the window closed is left out', script.inOneView([p1, p2]) || p3.self !== 'p3.1')
      p3.consumer.read('keen')
      script.until('it is back', () => p1.view!.members.length === 3 && p3.ready)
    },
  },
  {
    name: 'a sender that does not read',
    options: SMALL,
    act(script) {
      const [p1] = group(script, 3)
      p1.consumer.read('stopped')
      casts(p1, 300)
      script.run(STALL_MS / 2)
      holds('FL1', 'one that does not read sends no more', p1.consumer.unreadBytes <= UNREAD_MAX + WINDOW_BYTES + BYTES)
      p1.consumer.read('keen')
    },
  },
  {
    name: 'a reader that goes on late',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      const { installs } = script.world
      p3.consumer.read('stopped')
      casts(p1, 100)
      script.run(STALL_MS - 500)
      script.world.network.delayed(p2.id, p1.id, 900)
      p3.consumer.read('slow')
      script.run(2_000)
      p3.consumer.read('keen')
      script.quiet()
      holds('FL2', 'nobody is blamed for the time before', script.world.installs === installs)
    },
  },
  {
    name: 'one that goes on and one that does not',
    options: {
      // A window takes ten seconds, what is acknowledged at a time three. Nothing is lost, and nothing is to be sent twice.
      config: { ...SMALL.config, windowBytes: 96 * 1_024, windowMessages: 4_096, pullAfterMs: 60_000 },
      bytesPerMs: 10,
      frameBytesMax: 8 * 1_024,
    },
    act(script) {
      const [p1, , p3] = group(script, 3)
      p3.consumer.read('stopped')
      const { installs } = script.world
      casts(p1, 1_000)
      script.run(11_000)
      p3.consumer.read('keen')
      script.quiet()
      holds('FL2', 'nobody is given up who goes on', script.world.installs === installs)
    },
  },
  {
    name: 'an abcast that the sequencer can get from another only',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      mute(script, p2, p1)
      p2.cast('total', BYTES)
      script.run(1_200)
      holds('cost', 'the sequencer has it before links are given up', p3.application.delivered === 1)
    },
  },
  {
    name: 'a view change while one does not read',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      p3.consumer.read('stopped')
      casts(p1, 400)
      casts(p2, 400)
      script.run(300)
      const joiner = script.world.start()
      script.until('it has joined', () => joiner.view !== undefined)
      const before = p3.consumer.unreadBytes
      script.run(450)
      const bytesMax = 2 * (WINDOW_BYTES + BYTES) + BYTES
      holds('FL1', 'all of the next view hear it soon', p3.consumer.unreadBytes - before <= bytesMax)
      p3.consumer.read('keen')
    },
  },
  {
    name: 'a value over narrow links',
    options: { config: { ...SMALL.config, windowBytes: 8_192, windowMessages: 64 }, bytesPerMs: 8 },
    act(script) {
      const [p1] = group(script, 3)
      const { installs } = script.world
      p1.cast('causal', 100 * 1_024)
      script.run(3 * STALL_MS)
      holds('FL2', 'nobody is given up who goes on, however slowly', script.world.installs === installs)
      script.quiet()
    },
  },
  {
    name: 'one that learns late what the others have',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      script.world.network.delayed(p2.id, p3.id, 400)
      casts(p1, 200)
      script.quiet()
    },
  },
  {
    name: 'one that learns late of the order',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      script.world.network.delayed(p1.id, p3.id, 400)
      for (let i = 0; i < 200; i++) p2.cast('total', 20)
      script.quiet()
    },
  },
  {
    name: 'a sender that dies with a window under way',
    options: SMALL,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      script.world.network.cut(p1.id, p3.id)
      for (let i = 0; i < 2; i++) {
        casts(p1, 4)
        script.run(15)
      }
      crash(p1)
      script.until('it is out', () => script.inOneView([p2, p3]))
    },
  },
  {
    name: 'a sender that waits for a view that is not coming',
    options: { config: { ...SMALL.config, windowStallMs: 1_500 } },
    act(script) {
      const [p1, p2, p3, p4] = group(script, 4)
      mute(script, p1, p4)
      onceHandled(script, 'prepare', p3, 1, () => p1.crash(() => 60_000))
      script.world.start()
      script.until('it has crashed', () => !p1.alive)
      casts(p4, 30)
      script.until('it is out', () => p4.view!.members.every(({ id }) => id !== p1.self))
      const isSuspected = ({ self }: SimPeer) =>
        script.world.trace.some((line) => line.event === 'suspect' && line.peer === p4.self && line.of === self)
      holds('FL2', 'who is wedged is not given up', ![p2, p3].some(isSuspected))
    },
  },
  {
    name: 'two of whom one does not read',
    options: { ...SMALL, witness: false },
    act(script) {
      const [p1, p2] = group(script, 2)
      const { installs } = script.world
      p1.consumer.read('stopped')
      casts(p2, 100)
      script.run(3 * STALL_MS)
      holds('PT2', 'one that is needed for a quorum is waited for', !p2.blocked && script.world.installs === installs)
      p1.consumer.read('keen')
      script.quiet()
    },
  },
  {
    name: 'blocked for a while',
    options: { ...SMALL, witness: false },
    act(script) {
      const [p1, p2] = group(script, 2)
      const mend = script.part([p1], [p2])
      script.until('the younger is blocked', () => p2.blocked)
      casts(p2, 20)
      mend()
      script.run(1_000)
    },
  },
]

function casts(peer: SimPeer, count: number, bytes = BYTES): void {
  for (let i = 0; i < count; i++) peer.cast('causal', bytes)
}
