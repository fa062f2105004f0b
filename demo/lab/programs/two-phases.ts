import type { Program } from '../run.ts'
import type { Delivered, Name, Side } from '../side.ts'

/**
 * A change of members as one writes it first: the eldest that sees somebody go tells all to stop, waits until they say that they
 * have, and tells them who the members are now. Right as long as the eldest lives to the end of it.
 */
export class TwoPhases implements Program {
  readonly #side: Side
  readonly #members = new Map<Name, readonly Name[]>()
  readonly #stopped = new Set<Name>()
  readonly #answers = new Set<Name>()
  #asked: readonly Name[] = []

  constructor(side: Side) {
    this.#side = side
    for (const name of side.names) this.#members.set(name, side.names)
  }

  view(at: Name, seen: readonly Name[]): void {
    const isEldest = this.#members.get(at)?.[0] === at
    if (!isEldest || seen.length >= this.#members.get(at)!.length || this.#asked.length > 0) return
    this.#asked = seen
    this.#side.cast('fifo', at, 'stop')
  }

  deliver(at: Name, { from, value }: Delivered): void {
    if (value === 'stop') {
      this.#stopped.add(at)
      this.#side.tell(at, from, 'stopped')
    } else if (value.startsWith('go on: ')) {
      this.#stopped.delete(at)
      this.#members.set(at, value.slice('go on: '.length).split(' '))
    }
  }

  letter(at: Name, from: Name): void {
    this.#answers.add(from)
    if (this.#asked.every((name) => this.#answers.has(name))) {
      this.#side.cast('fifo', at, `go on: ${this.#asked.join(' ')}`)
    }
  }

  state(at: Name): string {
    const members = this.#members.get(at)
    if (members === undefined) return 'waits to be let in'
    return this.#stopped.has(at) ? `stopped, waits for ${members[0]}` : `goes on with ${members.join(' ')}`
  }
}

/** The members as the group tells them. */
export class MembersOfView implements Program {
  readonly #members = new Map<Name, readonly Name[]>()

  view(at: Name, members: readonly Name[]): void {
    this.#members.set(at, members)
  }

  state(at: Name): string {
    const members = this.#members.get(at)
    return members === undefined ? 'waits to be let in' : `goes on with ${members.join(' ')}`
  }
}
