import type { Scheduler } from '../../peer/simulator/scheduler.ts'
import { delayMs } from './delays.ts'
import type { Name } from './side.ts'

interface LettersOptions {
  readonly seed: number
  readonly scheduler: Scheduler
  names(): readonly Name[]
  isAlive(name: Name): boolean
  sent(from: Name, to: Name, id: string, value: string): void
  arrived(at: Name, from: Name, id: string, value: string): void
}

/** What members tell each other outside the group, one to one. It gets there; nothing is known of its order. */
export class Letters {
  readonly #options: LettersOptions
  #sent = 0

  constructor(options: LettersOptions) {
    this.#options = options
  }

  tell(from: Name, to: Name, value: string): void {
    const { seed, scheduler, names, isAlive, sent, arrived } = this.#options
    if (!isAlive(from) || !names().includes(to)) return
    const id = `letter/${++this.#sent}`
    sent(from, to, id, value)
    scheduler.after(delayMs(seed, from, to), () => {
      if (isAlive(to)) arrived(to, from, id, value)
    })
  }
}
