import { expect } from 'vitest'
import { type Config, DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { PeerId } from '../../peer/base/ids.ts'
import { encodeInfo } from '../../peer/client/member-info.ts'
import { createPeer } from '../../peer/client/peer.ts'
import { randomName } from '../../peer/client/random-name.ts'
import type { Group, GroupEvent, Json, Peer } from '../../peer/client/types.ts'
import { realClock } from '../../peer/runtime/clock.ts'
import type { TraceEvent } from '../../peer/runtime/trace.ts'
import { createLoopbackNetwork } from '../../peer/transport/loopback.ts'
import { createLoopbackSignaling, type LoopbackSignaling } from '../../peer/transport/signaling-loopback.ts'
import { runtimeOfPeer } from './group-runtime.ts'

export interface PeerOptions {
  name?: string
  metadata?: Json
  config?: Partial<Config>
  trace?: (event: TraceEvent) => void
  witness?: boolean
}

/** Peers of this process: everything but WebRTC and the server is what an application gets. */
export class Rig {
  readonly network = createLoopbackNetwork()
  readonly signaling: LoopbackSignaling
  readonly #peers: Peer[] = []

  constructor({ witness = true }: { witness?: boolean } = {}) {
    this.signaling = createLoopbackSignaling({ witness })
  }

  peer({ name = '', metadata = null, config = {}, trace, witness }: PeerOptions = {}): Peer {
    const peer = createPeer({
      info: encodeInfo(name, metadata, 4_096),
      signaling: this.signaling.connect(),
      config: { ...DEFAULT_CONFIG, ...QUICK, ...config },
      clock: realClock,
      random: randomName,
      runtime: runtimeOfPeer({ clock: realClock, transport: ({ self }) => this.network.transport(self) }),
      iceServers: undefined,
      trace,
      witness,
    })
    this.#peers.push(peer)
    return peer
  }

  /** Cuts a peer off from all others. */
  isolate(peer: Peer): void {
    for (const other of this.#others(peer)) this.network.cut(peer.id, other)
  }

  heal(peer: Peer): void {
    for (const other of this.#others(peer)) this.network.heal(peer.id, other)
  }

  /** Cuts every link between peers of different sides. */
  split(...sides: Peer[][]): void {
    for (const [side, peers] of sides.entries()) {
      const others = sides.slice(side + 1).flat()
      for (const peer of peers) for (const other of others) this.network.cut(peer.id, other.id)
    }
  }

  /** Mends every link. */
  mend(): void {
    for (const peer of this.#peers) this.heal(peer)
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) await peer.close()
  }

  #others(peer: Peer): PeerId[] {
    return this.#peers.map(({ id }) => id).filter((id) => id !== peer.id)
  }
}

/** Short times, so that a test of a failure takes a moment. */
const QUICK: Partial<Config> = {
  heartbeatIntervalMs: 50,
  suspectAfterHintMs: 400,
  suspectAfterMs: 3_000,
  probeTimeoutMs: 100,
  retryMs: 50,
  ballotRetryMs: 150,
  joinRetryMs: 50,
  pullAfterMs: 20,
  statusDelayMs: 5,
  fateTimeoutMs: 1_000,
  witnessWaitMs: 50,
  witnessChangeMs: 200,
  forkAfterMs: 200,
  orphanMs: 1_000,
  mergeTimeoutMs: 3_000,
}

/** All messages of a group, from now on. */
export function messages(group: Group): string[] {
  const lines: string[] = []
  group.addEventListener('message', ({ value }) => lines.push(String(value)))
  return lines
}

/** Resolves when the group's view has this many members. */
export async function size(group: Group, members: number): Promise<void> {
  for await (const event of group) if (event.type === 'view' && event.view.members.length === members) return
}

/** Resolves with the first event that fits. */
export async function first(group: Group, fits: (event: GroupEvent) => boolean): Promise<GroupEvent> {
  for await (const event of group) if (fits(event)) return event
  throw new Error('the group ended before')
}

/** Multicasts 0, 1, 2 … until the returned function is called; it resolves when all are delivered here. */
export function keepSending(group: Group<number>, kind: 'cbcast' | 'abcast'): () => Promise<void> {
  let stopped = false
  const sending = (async () => {
    for (let i = 0; !stopped; i++) {
      await group[kind](i)
      // A receipt that is settled at once gives nobody else a turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  return () => {
    stopped = true
    return sending
  }
}

/** Expects of what `look` sees that it is right at last, within a time that is long even for a busy machine. */
export function eventually<T>(look: () => T) {
  return expect.poll(look, { timeout: 10_000, interval: 10 })
}
