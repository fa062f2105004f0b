import { Session } from 'node:inspector/promises'
import { PAYLOAD_BYTES, record } from './journal.ts'
import { engineBefore, type Listener, replayDecoding, replayEngine } from './replay.ts'

/** The measuring itself, in a process of its own: `node run.js '{"multicasts": …}'`. Writes one line of JSON. */

export interface RunOptions {
  readonly multicasts: number
  /** How many multicasts a member makes in one turn of its loop. */
  readonly aTurn: number
  readonly warmUps: number
  readonly repetitions: number
  /** Measures no rates, but where the engine spends its time once it is warm. */
  readonly profiles: boolean
}

/** Rates in multicasts a second, one a repetition. */
export interface RunResult {
  readonly decoding: readonly number[]
  readonly engine: readonly number[]
}

const options = JSON.parse(process.argv[2]!) as RunOptions
const journal = record(options.multicasts, options.aTurn)
console.log(JSON.stringify(options.profiles ? await profileEngine() : measureBoth()))

function measureBoth(): RunResult {
  const decoding: number[] = []
  const engine: number[] = []
  for (let round = 0; round < options.warmUps + options.repetitions; round++) {
    // Now the one first, now the other.
    if (round % 2 === 0) decoding.push(measureDecoding())
    engine.push(measureEngine())
    if (round % 2 === 1) decoding.push(measureDecoding())
  }
  return { decoding: decoding.slice(options.warmUps), engine: engine.slice(options.warmUps) }
}

/** Without what it takes to bring each engine to where it is measured. */
async function profileEngine(): Promise<unknown> {
  for (let round = 0; round < options.warmUps; round++) measureEngine()
  const engines = Array.from({ length: options.repetitions }, () => engineBefore(journal))
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  for (const engine of engines) replayEngine(engine, journal, () => {})
  return (await session.post('Profiler.stop')).profile
}

function measureDecoding(): number {
  return rate((listener) => replayDecoding(journal, listener))
}

function measureEngine(): number {
  const fresh = engineBefore(journal)
  return rate((listener) => replayEngine(fresh, journal, listener))
}

function rate(run: (listener: Listener) => void): number {
  let calls = 0
  let bytes = 0
  const startedAt = performance.now()
  run((payload) => {
    calls++
    bytes += payload.length
  })
  const tookMs = performance.now() - startedAt
  if (calls !== journal.multicasts || bytes !== calls * PAYLOAD_BYTES) {
    throw new Error(`${calls} of ${journal.multicasts} multicasts, ${bytes} bytes`)
  }
  return (calls / tookMs) * 1_000
}
