import type { Program } from '../run.ts'
import type { Delivered, Name, Side } from '../side.ts'

/**
 * Work divided by rank: task 7 is for member 7 modulo the number of members. Whoever does a task says so. When one is gone, the
 * others divide what it has not said to be done. Nobody asks anybody, so it is right exactly if all see the same members at
 * the same place among the messages.
 */
export class DividedWork implements Program {
  readonly #side: Side
  readonly #views = new Map<Name, readonly Name[]>()
  /** Tasks not known to be done, and whose they are, as each member sees it. */
  readonly #open = new Map<Name, Map<number, Name>>()

  constructor(side: Side) {
    this.#side = side
  }

  view(at: Name, members: readonly Name[]): void {
    this.#views.set(at, [...members].sort())
    for (const [task, owner] of this.#openOf(at)) if (!members.includes(owner)) this.#assign(at, task)
  }

  deliver(at: Name, { value }: Delivered): void {
    const [, verb, number] = /^(task|done) (\d+)/.exec(value) ?? []
    const task = Number(number)
    if (verb === 'task') this.#assign(at, task)
    else if (verb === 'done') this.#openOf(at).delete(task)
  }

  state(at: Name): string {
    const done = doneIn(this.#side.log(at))
    return `${done.length} done`
  }

  #assign(at: Name, task: number): void {
    const view = this.#views.get(at) ?? []
    const owner = view[task % view.length]
    if (owner === undefined) return
    this.#openOf(at).set(task, owner)
    if (owner === at) this.#side.cast('causal', at, `done ${task} by ${at}`)
  }

  #openOf(at: Name): Map<number, Name> {
    const open = this.#open.get(at) ?? new Map<number, Name>()
    this.#open.set(at, open)
    return open
  }
}

/** Which tasks were said to be done, each time that it was said. */
export function doneIn(log: readonly Delivered[]): number[] {
  return log.flatMap(({ value }) => {
    const [, task] = /^done (\d+)/.exec(value) ?? []
    return task === undefined ? [] : Number(task)
  })
}
