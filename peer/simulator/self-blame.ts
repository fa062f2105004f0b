import type { MemberId, PeerId } from '../base/ids.ts'
import type { World } from './world.ts'

/** A suspicion within this time of a jump of one's own clock is taken for its effect. */
const EFFECT_WITHIN_MS = 5_000
/** No silence that is as short as this counts, whatever the signs. */
const NO_SILENCE_MS = 900

/** Whether one whose clock jumps blames itself [FD1]: it must not suspect a member that it has just heard. */
export class SelfBlame {
  readonly #world: World
  readonly #heardAt = new Map<PeerId, number>()
  readonly #told = new Set<MemberId>()
  #jumpedAt = Number.NEGATIVE_INFINITY

  constructor(world: World) {
    this.#world = world
  }

  heard(peer: PeerId): void {
    this.#heardAt.set(peer, this.#world.now)
  }

  jumped(): void {
    this.#jumpedAt = this.#world.now
  }

  /** It was told from outside to suspect the member. */
  told(member: MemberId): void {
    this.#told.add(member)
  }

  suspects(self: MemberId, of: MemberId): void {
    const { now } = this.#world
    const other = this.#world.peers.find((peer) => peer.self === of)
    if (other === undefined || this.#told.has(of) || now - this.#jumpedAt > EFFECT_WITHIN_MS) return
    const heardAt = this.#heardAt.get(other.id)
    if (heardAt === undefined || now - heardAt > NO_SILENCE_MS) return
    this.#world.violation(
      'FD1',
      `${self} suspects ${of}, heard at ${heardAt}, after its own clock jumped at ${this.#jumpedAt}`,
    )
  }
}
