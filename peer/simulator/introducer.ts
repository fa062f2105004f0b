import { Witness } from '../../signaling/witness.ts'
import type { Lineage, PeerId } from '../base/ids.ts'
import type { Network } from './network.ts'
import type { Random } from './random.ts'
import type { Entry, Scheduler } from './scheduler.ts'

/** A peer as the signaling server knows it. */
export interface Client {
  readonly id: PeerId
  found(lineage: Lineage): void
  hint(peer: PeerId): void
  /** The token of the witness, or that it is out of reach. */
  witness(token: string | undefined): void
  witnessAnswer(answer: Uint8Array): void
}

export interface IntroducerOptions {
  /** Every message of the server takes exactly this long; undefined: random. */
  readonly fixedDelayMs?: number
  /** For this long after its start the server names no founder. */
  readonly graceMs: number
  /** Whether it has a witness. */
  readonly witness: boolean
  /** Whether any process that runs is in a lineage, as nobody but the simulation can know. */
  anyoneStands(): boolean
}

const CHECK_EVERY_MS = 250
const ROOM = 'room'

/**
 * The signaling server: makes peers of the room known to each other, names the founder, tells when a socket is gone, and
 * holds the witness, which is the shipping one.
 * Unlike a real one it never names two founders for groups that live at the same time, whatever it has forgotten.
 */
export class Introducer {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #network: Network
  readonly #options: IntroducerOptions
  /** Those connected, in order of arrival. */
  #room = new Map<PeerId, Client>()
  /** All that run and would be in the room. */
  readonly #clients = new Map<PeerId, Client>()
  #named: PeerId | undefined
  #graceUntilMs: number
  #foundings = 0
  #tokens = 0
  #witness: Witness | undefined
  #check: Entry | undefined
  #up = true

  constructor(scheduler: Scheduler, random: Random, network: Network, options: IntroducerOptions) {
    this.#scheduler = scheduler
    this.#random = random
    this.#network = network
    this.#options = options
    this.#graceUntilMs = options.graceMs
    if (options.witness) this.#bootWitness()
  }

  /** What the witness calls its present memory; undefined: there is none in reach. */
  get token(): string | undefined {
    return this.#up ? this.#witness?.tokenOf(ROOM) : undefined
  }

  /** A peer asks the witness; what cannot be answered now is lost. */
  askWitness(peer: PeerId, request: Uint8Array): void {
    this.#scheduler.after(this.#latencyMs(), () => {
      const client = this.#room.get(peer)
      if (!this.#up || client === undefined) return
      const witness = this.#witness
      const answer = witness?.answer(ROOM, request)
      if (!(answer instanceof Uint8Array)) return
      // A socket keeps the order: nothing of a memory that is gone comes after the new token.
      this.#scheduler.after(this.#latencyMs(), () => {
        if (this.#up && this.#witness === witness) client.witnessAnswer(answer)
      })
    })
  }

  /** The witness loses its memory, and with it its name. */
  forgetVotes(): boolean {
    if (!this.#up || this.#witness === undefined) return false
    this.#bootWitness()
    for (const client of this.#room.values()) this.#tellToken(client)
    return true
  }

  /** Names one founder more, whoever founded before: as a server may that knows too little. */
  nameAnother(peer: PeerId): boolean {
    const client = this.#room.get(peer)
    if (!this.#up || client === undefined) return false
    this.#found(client)
    return true
  }

  get up(): boolean {
    return this.#up
  }

  connect(client: Client): void {
    this.#clients.set(client.id, client)
    this.#enterSoon(client)
  }

  /** The peer is in a lineage. */
  announce(peer: PeerId): void {
    if (this.#named === peer) this.#named = undefined
  }

  /** The peer went in order. */
  leave(peer: PeerId): void {
    this.#clients.delete(peer)
    this.#room.delete(peer)
    if (this.#named === peer) this.#named = undefined
    this.#look()
  }

  /** The peer's socket closed without a word: the others are told. */
  lost(peer: PeerId): void {
    const was = this.#room.has(peer)
    this.leave(peer)
    if (!this.#up || !was) return
    this.hintAt(peer)
  }

  /** Tells everybody else in the room that the peer's socket is gone, true or not. */
  hintAt(peer: PeerId): void {
    for (const client of this.#room.values()) {
      if (client.id !== peer) this.#scheduler.after(this.#latencyMs(), () => client.hint(peer))
    }
  }

  down(): void {
    this.#up = false
    for (const client of this.#room.values())
      this.#scheduler.after(this.#latencyMs(), () => this.#up || client.witness(undefined))
    this.#room = new Map()
  }

  /** Back, with an empty memory; the peers connect again within a second. */
  back(): void {
    if (this.#up) return
    this.#up = true
    if (this.#options.witness) this.#bootWitness()
    this.#graceUntilMs = this.#scheduler.now + Math.max(3_000, this.#options.graceMs)
    for (const client of this.#clients.values()) {
      this.#scheduler.after(this.#random.between(0, 1_000), () => this.#enter(client))
    }
    this.#look()
  }

  #enterSoon(client: Client): void {
    this.#scheduler.after(this.#latencyMs(), () => this.#enter(client))
  }

  #enter(client: Client): void {
    if (!this.#up || !this.#clients.has(client.id)) return
    for (const other of this.#room.keys()) this.#network.introduce(client.id, other)
    this.#room.set(client.id, client)
    this.#tellToken(client)
    this.#look()
  }

  /** Names a founder when nobody is in a lineage and none is named; goes on looking. */
  #look(): void {
    if (!this.#up) return
    const wait = Math.max(0, this.#graceUntilMs - this.#scheduler.now)
    if (this.#check !== undefined) this.#check.cancelled = true
    this.#check = this.#scheduler.after(wait, () => {
      this.#check = undefined
      if (this.#up) this.#nameFounder()
    })
  }

  #nameFounder(): void {
    const first = this.#room.values().next().value
    if (first !== undefined && this.#named === undefined && !this.#options.anyoneStands()) {
      this.#named = first.id
      this.#found(first)
    }
    if (this.#room.size > 0) this.#check = this.#scheduler.after(CHECK_EVERY_MS, () => this.#look())
  }

  #found(client: Client): void {
    const lineage = `lineage-${++this.#foundings}` as Lineage
    this.#scheduler.after(this.#latencyMs(), () => client.found(lineage))
  }

  #bootWitness(): void {
    this.#witness = new Witness({
      renewed: () => {
        for (const client of this.#room.values()) this.#tellToken(client)
      },
      random: () => `token-${++this.#tokens}`,
    })
  }

  /** What was told before may come after it; the latest answer of the witness says so. */
  #tellToken(client: Client): void {
    const token = this.token
    if (this.#options.witness) client.witness(token)
  }

  #latencyMs(): number {
    return this.#options.fixedDelayMs ?? this.#random.between(5, 100)
  }
}
