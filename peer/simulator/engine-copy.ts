import { Engine } from '../engine/engine.ts'
import { clonePlain, hashPlain } from './plain.ts'

/** An engine with the same state, which goes its own way from here on. */
export function cloneEngine({ core }: Engine): Engine {
  const { config, state, now, out } = core
  const { self, info, hasState, forks } = state
  return new Engine({ self, info, hasState, forks, config }, { config, state: clonePlain(state), now, out: [...out] })
}

/** A 53-bit hash of an engine's state; times and counters are left out. */
export function hashEngine({ core }: Engine): number {
  return hashPlain(core.state, (key) => key.endsWith('At') || key.endsWith('Ms') || key === 'counters')
}
