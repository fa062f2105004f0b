import { Script } from '../../peer/simulator/script.ts'
import { judge, settled, type TraceEvent } from '../checkers/index.ts'
import { Breach } from './breach.ts'
import { scenarios } from './scenarios/index.ts'

/** What a scripted run broke. */
export interface Broken {
  readonly rule: string
  readonly evidence: string
}

/** Plays a scenario to its end, heals and settles it, and lets the checkers judge its trace. */
export function runScenario(name: string): Broken[] {
  const scenario = scenarios.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new Error(`no scenario is called ${name}`)
  for (const seed of scenario.seeds ?? [1]) {
    const script = new Script({ seed, ...scenario.options })
    const broken = [...play(script, scenario.act), ...judgeTrace(script)]
    if (broken.length > 0) return broken
  }
  return []
}

function play(script: Script, act: (script: Script) => void): Broken[] {
  const { world } = script
  try {
    act(script)
    // What the dead had under way goes with their links, before cuts are mended.
    script.run(100)
    world.network.heal()
    for (const peer of world.living()) peer.wake()
    script.settle()
    return []
  } catch (error) {
    const { message } = error as Error
    const [violation] = world.violations
    if (violation !== undefined) return [violation]
    return [{ rule: error instanceof Breach ? error.rule : 'settles', evidence: message }]
  }
}

function judgeTrace({ world }: Script): Broken[] {
  const trace = world.trace as readonly TraceEvent[]
  const broken: Broken[] = []
  for (const { rule, outcome, evidence = [] } of judge(trace, { transfersState: world.options.hasState })) {
    if (outcome === 'broken') broken.push({ rule, evidence: evidence[0]?.message ?? '' })
  }
  for (const { message } of settled(trace)) broken.push({ rule: 'settles', evidence: message })
  return broken
}
