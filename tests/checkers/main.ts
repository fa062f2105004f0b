/** Purpose: `tsx tests/checkers/main.ts FILE [--rule VW3]... [--json]`: judges a trace file. Rule TR2. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { judge, type ParsedTrace, parseTrace, ruleIds, TraceError, type TraceEvent, type Verdict } from './index.ts'

const USAGE = 'usage: check-trace FILE [--rule ID]... [--json]'

/** @returns the exit code: 0 no violation, 1 a rule is broken, 2 nothing could be judged */
export function main(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): 0 | 1 | 2 {
  try {
    const { file, rules, json } = readArguments(args)
    const trace = readTrace(file)
    const verdicts = judge(trace.events, rules.length > 0 ? { rules } : {})
    if (json) print(JSON.stringify(verdicts))
    else for (const line of describe(verdicts, trace)) print(line)
    return verdicts.some(({ outcome }) => outcome === 'broken') ? 1 : 0
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error
    complain(error.message)
    return 2
  }
}

class UnusableInput extends Error {
  override readonly name = 'UnusableInput'
}

function readArguments(args: readonly string[]): { file: string; rules: string[]; json: boolean } {
  const parsed = parse(args)
  const [file, ...rest] = parsed.positionals
  if (file === undefined || rest.length > 0) throw new UnusableInput(USAGE)
  const { rule: rules, json } = parsed.values
  const unknown = rules.find((rule) => !ruleIds.includes(rule))
  if (unknown !== undefined) throw new UnusableInput(`no rule '${unknown}'; a trace decides ${ruleIds.join(' ')}`)
  return { file, rules, json }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rule: { type: 'string', multiple: true, default: [] as string[] },
        json: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UnusableInput(`${(error as Error).message.split('\n')[0]} (${USAGE})`)
  }
}

function readTrace(file: string): ParsedTrace {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UnusableInput(`can't read ${file}: ${(error as Error).message}`)
  }
  try {
    const trace = parseTrace(text)
    if (trace.events.length > 0) return trace
  } catch (error) {
    if (error instanceof TraceError) throw new UnusableInput(`${file}: ${error.message}`)
    throw error
  }
  throw new UnusableInput(`${file} holds no events`)
}

function describe(verdicts: readonly Verdict[], { events, lines }: ParsedTrace): string[] {
  const lineOf = new Map<TraceEvent, number>(events.map((event, index) => [event, lines[index] ?? 0]))
  return verdicts.flatMap(({ rule, outcome, evidence = [], more = 0 }) => [
    `${rule.padEnd(4)} ${outcome === 'undecided' ? 'not decided' : outcome}`,
    ...evidence.flatMap((found) => [
      `       ${found.message}`,
      ...found.events.map((event) => `         line ${lineOf.get(event)}: ${JSON.stringify(event)}`),
    ]),
    ...(more > 0 ? [`       and ${more} more`] : []),
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2), console.log, console.error)
}
