import { Engine } from '../../peer/engine/engine.ts'
import type { Input, Output } from '../../peer/engine/io.ts'
import type { Core } from '../../peer/engine/state.ts'

/** Takes one input and returns what comes of it; changes `core`. */
export type Stepper = (core: Core, now: number, input: Input) => Output[]

/** The shipping engine. */
export const stepEngine: Stepper = (core, now, input) => {
  const engine = engineOf(core)
  engine.step(now, input)
  return engine.drain()
}

export function nextTimeout(core: Core): number {
  return engineOf(core).nextTimeout()
}

/** Around the engine an application that saves and loads at once: its answers belong to the same step. */
export function stepWithApplication(step: Stepper, core: Core, now: number, input: Input): Output[] {
  const outputs: Output[] = []
  const inputs: Input[] = [input]
  for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
    for (const output of step(core, now, next)) {
      if (output.type === 'bad') throw new Error(`takes a message of ${output.from} for bad: ${output.why}`)
      if (output.type === 'save') inputs.push({ type: 'saved', number: output.number, state: new Uint8Array([1]) })
      if (output.type === 'load') inputs.push({ type: 'loaded', ok: true })
      outputs.push(output)
    }
  }
  return outputs
}

function engineOf(core: Core): Engine {
  const { self, info, hasState, forks } = core.state
  return new Engine({ self, info, hasState, forks, config: core.config }, core)
}
