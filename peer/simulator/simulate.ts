import { type Config, DEFAULT_CONFIG } from '../base/config.ts'
import type { TraceEvent } from '../runtime/trace.ts'
import { Chaos } from './chaos.ts'
import { RANDOM_FAULTS, type Severity, SILENCE_FAULTS } from './faults.ts'
import { FLOW_FAULTS, smallWindows } from './flows.ts'
import { LargeLoad } from './large-load.ts'
import { Random } from './random.ts'
import { describe, type Standing, standing } from './settle.ts'
import { SPLIT_FAULTS } from './splits.ts'
import { Workload } from './workload.ts'
import { type Violation, World } from './world.ts'

export interface SimulateOptions {
  readonly faults: Severity
  /** Without the faults at steps of a protocol, narrow links, small windows, large values, splits and the witness, as seeds that are kept by name were found. */
  readonly plain?: boolean
}

export interface Stats {
  /** Virtual time that passed, in ms. */
  readonly virtualMs: number
  readonly events: number
  readonly frames: number
  readonly bytes: number
  readonly framesLost: number
  readonly peers: number
  readonly multicasts: number
  readonly views: number
  readonly installs: number
  /** How often each fault happened. */
  readonly faults: Readonly<Record<string, number>>
  /** How often the engines took each branch. */
  readonly branches: Readonly<Record<string, number>>
}

export interface SimulationResult {
  readonly seed: number
  readonly trace: readonly TraceEvent[]
  readonly stats: Stats
  readonly ended: Standing['end']
  /** Whether the applications saved and loaded state. */
  readonly hasState: boolean
  /** What the simulation found broken by itself; the trace is for the checkers to judge. */
  readonly violations: readonly Violation[]
}

/** After the last fault a run must settle within this time. */
const SETTLE_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 250
const FRAME_BYTES_MAX = 64 * 1024

/** What nobody waits for any more still arrives, and a rest that does not last is none. */
const QUIET_MS = 2_000

/** One run: a group under faults and load, healed at its end. Everything follows from the seed and the options. */
export function simulate(seed: number, options: SimulateOptions = { faults: 'default' }): SimulationResult {
  const random = new Random(seed, 'scenario')
  const config = { ...configOf(random), ...(options.plain ? {} : smallWindows(seed)) }
  const narrow = options.plain ? undefined : narrowLinks(seed, options.faults, config)
  const world = new World({
    seed,
    config,
    hasState: random.chance(0.9),
    statePaddedBytes: Math.max(random.chance(0.2) ? random.int(40_000) : 0, narrow?.statePaddedBytes ?? 0),
    bytesPerMs: narrow?.bytesPerMs,
    ...(options.plain ? PLAIN : policiesOf(seed)),
    watchMessages: options.faults !== 'none',
    // Small frames, in which larger messages travel in parts.
    frameBytesMax: new Random(seed, 'frames').chance(0.2) ? 8 * 1024 : FRAME_BYTES_MAX,
  })
  const activeMs = random.chance(0.4) ? random.between(15_000, 45_000) : random.between(4_000, 15_000)
  const first = random.whole(1, 5)
  startAll(world, random, first)
  if (narrow !== undefined) world.hit('narrow links')
  const peersMax = first + (options.faults === 'hard' ? 7 : 4)
  const chaos = new Chaos(world, 'faults', peersMax)
  chaos.schedule(RANDOM_FAULTS, options.faults, activeMs)
  const silences = new Chaos(world, 'silences', peersMax)
  if (!options.plain) silences.schedule(SILENCE_FAULTS, options.faults, activeMs)
  const splits = new Chaos(world, 'splits', peersMax)
  if (!options.plain) splits.schedule(SPLIT_FAULTS, options.faults, activeMs)
  const flows = new Chaos(world, 'flows', peersMax)
  if (!options.plain) flows.schedule(FLOW_FAULTS, options.faults, activeMs)
  new Workload(world, workloadOf(random, activeMs))
  if (!options.plain) new LargeLoad(world, { rounds: new Random(seed, 'large').whole(0, 8), forMs: activeMs })
  world.run(activeMs)
  flows.heal()
  splits.heal()
  silences.heal()
  chaos.heal()
  const end = settle(world)
  return {
    seed,
    trace: world.trace,
    stats: statsOf(world),
    ended: end,
    hasState: world.options.hasState,
    violations: world.violations,
  }
}

/** Without what came later: as the oldest seeds that are kept by name were found. */
const PLAIN = { witness: false, forks: false } as const

/** What the members of a run do without a quorum and after a merge, and whether a witness breaks their ties. */
function policiesOf(seed: number) {
  const random = new Random(seed, 'policies')
  const onMerge = random.pick(['adopt', 'replay', 'replay', 'reconcile'] as const)!
  return { witness: random.chance(0.75), forks: random.chance(0.4), onMerge }
}

/** In some runs links are narrow and states large: bulk competes with messages. */
function narrowLinks(seed: number, faults: Severity, { chunkBytes, chunksInFlight, windowStallMs }: Config) {
  const random = new Random(seed, 'narrow links')
  if (faults === 'none' || faults === 'light') return undefined
  if (!random.chance(faults === 'hard' ? 0.25 : 0.12)) return undefined
  // A state takes so many round trips at most that it arrives before the run is judged.
  const bytesMax = Math.min(300_000, 100 * chunkBytes * chunksInFlight)
  // Patience is short in these runs: what may be before a message on its way takes half of it at most.
  const bytesBefore = chunkBytes * chunksInFlight + FRAME_BYTES_MAX
  const bytesPerMs = Math.max(random.between(20, 400), bytesBefore / (windowStallMs / 2))
  return { bytesPerMs, statePaddedBytes: random.chance(0.7) ? random.int(bytesMax) : 0 }
}

function configOf(random: Random): Config {
  const small = random.chance(0.5)
  return {
    ...DEFAULT_CONFIG,
    fragmentBytes: small ? random.whole(64, 512) : DEFAULT_CONFIG.fragmentBytes,
    chunkBytes: small ? random.whole(256, 4_096) : DEFAULT_CONFIG.chunkBytes,
    chunksInFlight: random.whole(1, DEFAULT_CONFIG.chunksInFlight),
  }
}

function startAll(world: World, random: Random, count: number): void {
  const spreadMs = random.chance(0.5) ? 0 : random.between(100, 3_000)
  for (let i = 0; i < count; i++) world.scheduler.after(random.between(0, spreadMs), () => world.start())
}

function workloadOf(random: Random, forMs: number) {
  return {
    multicasts: random.chance(0.1) ? 0 : random.whole(5, 150),
    forMs,
    replyChance: random.chance(0.3) ? 0 : random.between(0.02, 0.3),
    kinds: [
      { kind: 'fifo', weight: random.chance(0.3) ? 0 : random.between(0.1, 1) },
      { kind: 'causal', weight: random.between(0.1, 1) },
      { kind: 'total', weight: random.chance(0.1) ? 0 : random.between(0.1, 1) },
    ],
  } as const
}

/** Lets a healed world come to rest; whatever keeps it from that is a violation. */
function settle(world: World): Standing['end'] {
  const withinMs = SETTLE_WITHIN_MS + backlogMs(world)
  const deadlineMs = world.now + withinMs
  let now: Standing = { end: 'unsettled', why: 'the last fault has just ended' }
  while (world.violations.length === 0 && now.end === 'unsettled' && world.now < deadlineMs) {
    world.run(LOOK_EVERY_MS)
    now = standing(world)
    if (now.end === 'unsettled') continue
    world.run(QUIET_MS)
    now = standing(world)
  }
  for (const peer of world.living()) if (!peer.membership.ended) world.collect(peer)
  if (world.violations.length === 0 && now.end === 'unsettled') {
    world.violation('settles', `${now.why}, ${withinMs} ms after the last fault\n${describe(world)}`)
  }
  return now.end
}

/** What narrow links need at least for the values and states that wait now; twice that, as a view that ends half way begins a value anew. */
function backlogMs(world: World): number {
  const { bytesPerMs, statePaddedBytes } = world.options
  if (bytesPerMs === undefined) return 0
  const waiting = world.living().flatMap(({ membership }) => {
    const { queue, bulk } = membership.runtime.engine.core.state
    return [...queue.items.slice(queue.head), ...bulk.items.slice(bulk.head)]
  })
  const states = world.living().filter(({ ready }) => !ready).length * statePaddedBytes
  return Math.ceil((2 * waiting.reduce((bytes, { payload }) => bytes + payload.length, states)) / bytesPerMs)
}

function statsOf(world: World): Stats {
  const { network } = world
  return {
    virtualMs: world.now,
    events: world.scheduler.events,
    frames: network.framesSent,
    bytes: network.bytesSent,
    framesLost: network.framesLost,
    peers: world.peers.length,
    multicasts: world.payloads.size,
    views: world.views.size,
    installs: world.installs,
    faults: Object.fromEntries(world.faults),
    branches: Object.fromEntries(world.counters),
  }
}
