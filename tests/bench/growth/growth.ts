import { type ChangeFigures, changeViews } from './change.ts'
import { formGroup } from './group.ts'
import { runSteadily, type SteadyFigures } from './steady.ts'

export const SIZES = [2, 4, 8, 16, 32, 64, 128, 256] as const

export interface GrowthOptions {
  readonly sizes?: readonly number[]
  /** Told as each size is done. */
  readonly progress?: (line: string) => void
}

export interface GrowthPoint {
  readonly members: number
  /** Virtual time that was measured under each load, after a while in which it only ran. */
  readonly measuredMs: number
  /** Each multicast in a turn of its own. */
  readonly single: SteadyFigures
  /** As many multicasts, ten in one turn; undefined in groups that cannot be watched for long enough. */
  readonly tens: SteadyFigures | undefined
  readonly change: ChangeFigures
}

/** One row of the table of figures. */
export interface GrowthRow {
  readonly name: string
  readonly value: number
  readonly atMost: number
  readonly ok: boolean
}

export interface GrowthResult {
  readonly points: readonly GrowthPoint[]
  /** Rows whose sizes were measured. */
  readonly rows: readonly GrowthRow[]
}

const SEED = 1

/** Measures groups of rising size in the simulator: the shipping runtime and engine, in virtual time, from one seed. */
export async function growth({ sizes = SIZES, progress = () => {} }: GrowthOptions = {}): Promise<GrowthResult> {
  const points: GrowthPoint[] = []
  for (const members of sizes) {
    const startedAt = performance.now()
    points.push(measure(members))
    progress(`${members} members: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
    // Whoever waits for this gets its turn between two sizes.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return resultOf(points)
}

/** The figures of these sizes, and what they say about the rows of the table. */
export function resultOf(points: readonly GrowthPoint[]): GrowthResult {
  return { points, rows: rowsOf(points) }
}

function measure(members: number): GrowthPoint {
  const group = formGroup(members, SEED)
  const { warmUpMs, measuredMs } = timesFor(members)
  const single = runSteadily(group, { atOnce: 1, warmUpMs, forMs: measuredMs })
  // With turns so rare, each member must have had some before figures mean anything.
  const tens = measuredMs < 1_000 ? undefined : runSteadily(group, { atOnce: 10, warmUpMs, forMs: measuredMs })
  return { members, measuredMs, single, tens, change: changeViews(group, members <= 64 ? 5 : 1) }
}

/** There are as many deliveries and statuses a second as members squared: large groups are watched for less long. */
function timesFor(members: number): { readonly warmUpMs: number; readonly measuredMs: number } {
  if (members <= 16) return { warmUpMs: 1_000, measuredMs: 8_000 }
  if (members <= 32) return { warmUpMs: 1_000, measuredMs: 2_000 }
  if (members <= 64) return { warmUpMs: 750, measuredMs: 1_000 }
  return { warmUpMs: 250, measuredMs: members <= 128 ? 200 : 100 }
}

function rowsOf(points: readonly GrowthPoint[]): GrowthRow[] {
  const [eight, sixtyFour] = [8, 64].map((size) => points.find(({ members }) => members === size))
  const rows: GrowthRow[] = []
  if (eight !== undefined) {
    rows.push(row('metadata a message, 8 members all active, bytes', eight.single.metadataBytes, 16))
  }
  if (eight !== undefined && sixtyFour !== undefined) {
    const ratio = sixtyFour.single.bufferedPeak / eight.single.bufferedPeak
    rows.push(row('peak buffered messages a sender, 64 members : 8, same rate', ratio, 1.5))
  }
  return rows
}

function row(name: string, value: number, atMost: number): GrowthRow {
  return { name, value, atMost, ok: value <= atMost }
}
