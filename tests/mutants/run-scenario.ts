import { Script } from '../../peer/simulator/script.ts'
import { type JudgeOptions, judge, settled, type TraceEvent } from '../checkers/index.ts'
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
    const seen = play(script, scenario.act)
    const broken = [...seen, ...judgeTrace(script, seen.length === 0)]
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

function judgeTrace({ world }: Script, isSettled: boolean): Broken[] {
  const trace = world.trace as readonly TraceEvent[]
  const broken = brokenIn(trace, { transfersState: world.options.hasState, settled: isSettled })
  for (const { message } of settled(trace)) broken.push({ rule: 'settles', evidence: message })
  return broken
}

/** What the checkers find broken in a trace. */
export function brokenIn(trace: readonly TraceEvent[], options: JudgeOptions): Broken[] {
  return judge(trace, options).flatMap(({ rule, outcome, evidence = [] }) =>
    outcome === 'broken' ? [{ rule, evidence: evidence[0]?.message ?? '' }] : [],
  )
}
