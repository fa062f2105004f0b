import type { Scheduler } from '../../peer/simulator/scheduler.ts'
import { delayMs } from './delays.ts'
import type { Name } from './side.ts'

interface LettersOptions {
  readonly seed: number
  readonly scheduler: Scheduler
  isAlive(name: Name): boolean
  arrived(at: Name, from: Name, value: string): void
}

/** What members tell each other outside the group, one to one. It gets there; nothing is known of its order. */
export class Letters {
  readonly #options: LettersOptions
  #sent = 0

  constructor(options: LettersOptions) {
    this.#options = options
  }

  get sent(): number {
    return this.#sent
  }

  tell(from: Name, to: Name, value: string): void {
    const { seed, scheduler, isAlive, arrived } = this.#options
    if (!isAlive(from)) return
    this.#sent++
    scheduler.after(delayMs(seed, from, to), () => {
      if (isAlive(to)) arrived(to, from, value)
    })
  }
}
