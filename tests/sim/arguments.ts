import { parseArgs } from 'node:util'
import type { Severity } from '../../peer/simulator/faults.ts'

export interface Arguments {
  readonly first: number
  readonly last: number
  readonly faults: Severity
  readonly json: boolean
  /** Where the trace of the one seed goes. */
  readonly trace: string | undefined
}

const USAGE =
  'usage: sim --seeds FIRST-LAST [--faults none|light|default|hard] [--json], or sim --seed N [--trace FILE]'
const SEED_MAX = 2 ** 32 - 1
const SEVERITIES: readonly Severity[] = ['none', 'light', 'default', 'hard']

/** Arguments that mean nothing; the message is one line. */
export class BadArguments extends Error {}

export function readArguments(args: readonly string[]): Arguments {
  const values = parse(args)
  if ((values.seed === undefined) === (values.seeds === undefined)) throw new BadArguments(USAGE)
  const faults = SEVERITIES.find((severity) => severity === values.faults)
  if (faults === undefined) throw new BadArguments(`--faults is one of ${SEVERITIES.join(', ')}`)
  if (values.trace !== undefined && values.seed === undefined) throw new BadArguments('--trace needs --seed')
  const [first, last] = readSeeds(values.seed ?? values.seeds!, values.seed === undefined)
  return { first, last, faults, json: values.json, trace: values.trace }
}

function readSeeds(text: string, isRange: boolean): [number, number] {
  const match = (isRange ? /^(\d{1,10})-(\d{1,10})$/ : /^(\d{1,10})$/).exec(text)
  const first = Number(match?.[1])
  const last = Number(match?.[2] ?? match?.[1])
  if (match === null || first < 1 || last < first || last > SEED_MAX) {
    throw new BadArguments(
      isRange ? `--seeds is FIRST-LAST, such as 1-2000, not '${text}'` : `--seed is a number from 1 on, not '${text}'`,
    )
  }
  return [first, last]
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string' },
        seed: { type: 'string' },
        faults: { type: 'string', default: 'default' },
        trace: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new BadArguments(`${(error as Error).message.split('\n')[0]} (${USAGE})`)
  }
}
