/**
 * How far the clocks of other pages are from the one here. Of each the last few questions are kept, and the one that was
 * answered fastest is believed: the less time is between asking and hearing, the less the two ways can differ.
 * Source: Mills 1991, "Internet time synchronization: the Network Time Protocol", section on the clock filter.
 */
export class ClockOffsets {
  readonly #samples = new Map<string, Sample[]>()

  /**
   * Takes an answer. `asked` and `got` by the clock here, `heard` and `said` by the other's. Returns what is known now: what
   * has to be added to the other's times to get those here, in ms.
   */
  note(peer: string, { asked, heard, said, got }: { asked: number; heard: number; said: number; got: number }): number {
    const offsetMs = (asked - heard + (got - said)) / 2
    const roundTripMs = got - asked - (said - heard)
    const samples = [...(this.#samples.get(peer) ?? []), { offsetMs, roundTripMs }].slice(-samplesMax)
    this.#samples.set(peer, samples)
    return bestOf(samples)
  }

  /** What is known, by peer. */
  get known(): ReadonlyMap<string, number> {
    return new Map([...this.#samples].map(([peer, samples]) => [peer, bestOf(samples)]))
  }

  isKnown(peer: string): boolean {
    return this.#samples.has(peer)
  }

  /** Forgets all others. */
  keepOnly(peers: ReadonlySet<string>): void {
    for (const peer of this.#samples.keys()) if (!peers.has(peer)) this.#samples.delete(peer)
  }
}

interface Sample {
  readonly offsetMs: number
  readonly roundTripMs: number
}

function bestOf(samples: readonly Sample[]): number {
  return samples.reduce((best, sample) => (sample.roundTripMs < best.roundTripMs ? sample : best)).offsetMs
}

const samplesMax = 12
