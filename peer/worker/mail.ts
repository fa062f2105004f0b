import { reportError } from '../client/report-error.ts'

/** Where a page and its worker meet: a Worker, the global scope of one, or a MessagePort. */
export interface Door {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/** An item of the mail, and what is handed over with it and is not here any more then. */
export type Sealed<Item> = readonly [item: Item, transfer: readonly Transferable[]]

/** Gathers what goes through a door in one turn of the loop, so that it costs one message. Order is kept. */
export class Mail<Item> {
  readonly #door: Door
  #waiting: (() => Sealed<Item>)[] = []
  #due = false

  constructor(door: Door) {
    this.#door = door
  }

  send(item: Item, transfer: readonly Transferable[] = []): void {
    this.add(() => [item, transfer])
  }

  /** Sends what `seal` gives when the turn is over: more may be put into it until then. */
  add(seal: () => Sealed<Item>): void {
    this.#waiting.push(seal)
    if (this.#due) return
    this.#due = true
    queueMicrotask(() => this.flush())
  }

  /** Sends at once, after all that waits. Throws if what is to be handed over can't be. */
  sendNow(item: Item, transfer: Transferable[]): void {
    this.flush()
    this.#door.postMessage([item], transfer)
  }

  flush(): void {
    this.#due = false
    if (this.#waiting.length === 0) return
    const sealed = this.#waiting.splice(0).map((seal) => seal())
    this.#door.postMessage(
      sealed.map(([item]) => item),
      sealed.flatMap(([, transfer]) => transfer),
    )
  }
}

/** Hands every item of the other side's mail to `take`: one that makes it throw must not cost those behind it. */
export function onMail<Item>(door: Door, take: (item: Item) => void): void {
  door.addEventListener('message', ({ data }) => {
    for (const item of data as readonly Item[]) {
      try {
        take(item)
      } catch (error) {
        reportError(error)
      }
    }
  })
}

/** These bytes in a buffer of their own, which can be handed over: the one that they are in may hold more, and be needed here. */
export function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.slice() as Uint8Array<ArrayBuffer>
}
