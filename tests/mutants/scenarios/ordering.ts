import type { SimPeer } from '../../../peer/simulator/peer.ts'
import type { Script } from '../../../peer/simulator/script.ts'
import { holds } from '../breach.ts'
import { group, linked, lose, mute, type Scenario } from './scenario.ts'

const BYTES = 20

/** Runs within one view. */
export const orderingScenarios: readonly Scenario[] = [
  {
    name: 'an fbcast ahead of its causes',
    act(script) {
      const p3 = withoutTheCause(script, 'fifo')
      holds('OR6', 'an fbcast waits for nothing of others', p3.application.delivered === 1)
      p3.cast('causal', BYTES)
      script.run(15)
    },
  },
  {
    name: 'an effect ahead of its cause',
    act(script) {
      const p3 = withoutTheCause(script, 'causal')
      holds('OR2', 'an effect waits for its cause', p3.application.delivered === 0)
    },
  },
  {
    name: 'an order entry that is lost',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      mute(script, p1, p3)
      mute(script, p2, p3)
      p1.cast('total', BYTES)
      script.run(15)
      lose(script, p1, p3)
      linked(script, p1.id, p3.id)
      script.run(15)
      p1.cast('total', BYTES)
      script.run(50)
    },
  },
  {
    name: 'a quiet group',
    act(script) {
      const peers = group(script, 3)
      for (let i = 0; i < 20; i++) for (const peer of peers) peer.cast(i % 2 === 0 ? 'causal' : 'total', BYTES)
      script.quiet()
      script.run(2_000)
      const kept = peers.flatMap((peer) => peer.membership.runtime.engine.inspect().view?.members ?? [])
      holds('FL1', 'stable messages are let go', kept.length > 0 && kept.every(({ buffered }) => buffered === 0))
    },
  },
]

/** One of three members: it has what the second sent after it had heard the first, whom it does not hear. */
function withoutTheCause(script: Script, effect: 'fifo' | 'causal'): SimPeer {
  const [p1, p2, p3] = group(script, 3)
  mute(script, p1, p3)
  p1.cast('causal', BYTES)
  script.run(15)
  p2.cast(effect, BYTES)
  script.run(15)
  return p3
}
