import type { MessageId } from '../../peer/index.ts'
import type { SimReceipt } from '../../peer/simulator/application.ts'
import type { Name } from './side.ts'

interface Cast {
  readonly by: Name
  readonly value: string
  readonly receipt: SimReceipt
}

/** What was multicast, in words: the simulated engines carry bytes that mean nothing. */
export class Casts {
  readonly #values = new Map<MessageId, string>()
  /** Those of which not all is known yet. */
  #open: Cast[] = []

  add(cast: Cast): void {
    this.#open.push(cast)
  }

  /** What this multicast says. `origin`: the one that it repeats. */
  valueOf(id: MessageId, origin?: MessageId): string | undefined {
    const value =
      this.#values.get(id) ??
      this.#open.find(({ receipt }) => receipt.id === id)?.value ??
      (origin && this.#values.get(origin))
    if (value !== undefined) this.#values.set(id, value)
    return value
  }

  /** Those of which all is known since the last time: everybody has them, or their fate is told. */
  takeSettled(): readonly Cast[] {
    const settled = this.#open.filter(isSettled)
    if (settled.length > 0) this.#open = this.#open.filter((cast) => !isSettled(cast))
    return settled
  }
}

function isSettled({ receipt }: Cast): boolean {
  return receipt.stable || receipt.fate !== undefined
}
