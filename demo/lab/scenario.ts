import { type Outcome, type Program, Run } from './run.ts'
import { isScript, type LabScript, parseScript } from './script-language.ts'
import type { Delivered, Name, Side, System } from './side.ts'

/** A page of the lab, and a test at the same time. */
export interface Scenario {
  /** As it stands in the address. */
  readonly name: string
  readonly title: string
  /** One line for the table of contents. */
  readonly summary: string
  /** What goes wrong, in plain words. Members are written `_a_`. */
  readonly wrong: string
  /** What the system does about it, or plainly does not. */
  readonly does: string
  /** What the last column of the table of members is called. */
  readonly stateTitle?: string
  /** Whether what is said is left out of the diagram, where there is too much of it. */
  readonly isTerse?: boolean
  /** The seed that the page begins with. Default 1. */
  readonly seed?: number
  readonly sides: readonly [SideOfScenario] | readonly [SideOfScenario, SideOfScenario]
  /** What is wrong in the end, in one sentence; undefined: nothing. */
  judge(outcome: Outcome): string | undefined
  /** What is said when nothing is wrong. */
  readonly fine: string
}

export interface SideOfScenario {
  readonly title: string
  readonly system: System
  /** A script in the lab's language: see script-language.ts. */
  readonly script: string
  /** Whether this side is there to show the fault. */
  readonly expected: 'fault' | 'fine'
  readonly bytesPerMs?: number
  readonly stateBytes?: number
  readonly forks?: boolean
  readonly program?: (side: Side) => Program
  readonly state?: (log: readonly Delivered[], name: Name) => string
}

/** Starts one side of a scenario. `script`: another one than its own, read already. */
export function startRun(side: SideOfScenario, seed: number, script: LabScript = readScript(side.script)): Run {
  const { system, bytesPerMs, stateBytes, forks, program, state } = side
  return new Run({
    seed,
    system,
    script,
    members: script.members,
    ...(bytesPerMs !== undefined && { bytesPerMs }),
    ...(stateBytes !== undefined && { stateBytes }),
    ...(forks !== undefined && { forks }),
    ...(program !== undefined && { program }),
    ...(state !== undefined && { state }),
  })
}

/** A script that is known to be right. */
export function readScript(text: string): LabScript {
  const parsed = parseScript(text)
  if (isScript(parsed)) return parsed
  throw new Error(parsed.errors.map(({ line, message }) => `line ${line}: ${message}`).join('\n'))
}

/** The values that a member has delivered, in its order. */
export function valuesOf(outcome: Outcome, name: Name): string[] {
  return outcome.log(name).map(({ value }) => value)
}

/** When a member delivered a value, in ms since the scenario began. */
export function deliveredAt(outcome: Outcome, name: Name, value: string): number | undefined {
  return outcome.log(name).find((message) => message.value === value)?.atMs
}

/** What the living have against each other: who lacks what another of them has. */
export function missing(outcome: Outcome): string | undefined {
  const timesSent = counted(outcome.sent.map(({ value }) => value))
  const has = new Map(outcome.alive.map((name) => [name, counted(valuesOf(outcome, name))]))
  for (const [name, own] of has) {
    for (const [other, theirs] of has) {
      const lacking = [...theirs].filter(
        ([value, times]) => (own.get(value) ?? 0) < Math.min(times, timesSent.get(value) ?? 1),
      )
      if (lacking.length > 0) return `${name} never gets ${quoted(lacking.map(([value]) => value))}, which ${other} has`
    }
  }
  return undefined
}

/** Who of the living has something more often than it was sent. */
export function doubled(outcome: Outcome): string | undefined {
  const timesSent = counted(outcome.sent.map(({ value }) => value))
  for (const name of outcome.alive) {
    for (const [value, times] of counted(valuesOf(outcome, name))) {
      if (times > Math.max(timesSent.get(value) ?? 0, 1)) return `${name} has ${quoted([value])} twice`
    }
  }
  return undefined
}

function counted(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Two of the living that show different states. */
export function differing(outcome: Outcome): string | undefined {
  const [first, ...others] = outcome.alive
  const other = others.find((name) => outcome.state(name) !== outcome.state(first!))
  if (first === undefined || other === undefined) return undefined
  return `${first} ends with ${outcome.state(first)}; ${other} with ${outcome.state(other)}`
}

export function quoted(values: readonly string[]): string {
  const shown = values.slice(0, 3).map((value) => `“${value}”`)
  return values.length > 3 ? `${shown.join(', ')} and ${values.length - 3} more` : shown.join(' and ')
}

/** A number at the end of a value such as `+5` or `price 102`; 0 if there is none. */
export function numberIn(value: string): number {
  return Number(/-?\d+$/.exec(value.replace('−', '-'))?.[0] ?? 0)
}
