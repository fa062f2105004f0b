import type { CastKind } from '../../peer/index.ts'
import { type Frame, PlainGroup } from './plain-group.ts'
import { memberOf, type Name } from './side.ts'

interface Asked {
  readonly id: string
  readonly from: Name
  readonly value: string
  readonly kind: CastKind
}

/**
 * Close synchrony, as near as a network allows: one multicast at a time, for everybody. The first member is asked, sends, and
 * waits until each of the others has said that it has it; only then comes the next. A member that does not answer stops all.
 */
export class LockStep extends PlainGroup {
  readonly #queue: Asked[] = []
  /** Who has not said yet that it has the present one. */
  readonly #waitingFor = new Set<Name>()
  #asks = 0

  override cast(kind: CastKind, from: Name, value: string): boolean {
    if (!this.isAwake(from)) return false
    const id = `${from}/ask/${++this.#asks}`
    if (from === this.#first) this.#enqueue({ id, from, value, kind })
    else {
      this.event(from, { event: 'plain-send', id, to: [memberOf(this.#first)], value })
      this.say(from, this.#first, { type: 'ask', id, value, kind })
    }
    return true
  }

  protected override handle(at: Name, from: Name, frame: Frame): void {
    switch (frame.type) {
      case 'ask': {
        const { id, value, kind } = frame
        this.event(at, { event: 'plain-receive', id, from: memberOf(from), value })
        return this.#enqueue({ id: `step/${id}`, from, value, kind })
      }
      case 'message':
        super.handle(at, from, frame)
        return this.say(at, from, { type: 'got', id: frame.id })
      case 'got':
        this.#waitingFor.delete(from)
        return this.#next()
      default:
        return super.handle(at, from, frame)
    }
  }

  get #first(): Name {
    return this.names[0]!
  }

  #enqueue(asked: Asked): void {
    this.#queue.push(asked)
    this.#next()
  }

  #next(): void {
    if (this.#waitingFor.size > 0) return
    const next = this.#queue.shift()
    if (next === undefined) return
    for (const name of this.known(this.#first)) if (name !== this.#first) this.#waitingFor.add(name)
    this.multicast(this.#first, next.id, next.value, next.kind, next.from)
  }
}
