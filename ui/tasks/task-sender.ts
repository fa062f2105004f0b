import type { Receipt, TuttiError } from '../../peer/index.ts'
import type { GroupHost } from '../group/group-host.ts'
import type { TaskModel } from './task-model.ts'
import type { Notice } from './task-notices.ts'
import type { TaskOp } from './task-values.ts'

/** Sends the operations of a page, in order, and keeps them while that can't be done. */
export class TaskSender {
  readonly #model: TaskModel
  readonly #host: () => GroupHost | undefined
  readonly #notify: (notice: Notice) => void

  constructor(model: TaskModel, host: () => GroupHost | undefined, notify: (notice: Notice) => void) {
    this.#model = model
    this.#host = host
    this.#notify = notify
  }

  do(operation: TaskOp): boolean {
    if (!this.#model.begin(operation)) {
      this.#notify({ text: 'Too many changes wait already: try again when the group goes on.' })
      return false
    }
    this.flush()
    return true
  }

  /** Sends what waits, if it can be sent now. */
  flush(): void {
    this.#model.flush((value) => {
      const receipt = this.#host()?.send('abcast', value)
      if (receipt !== undefined) void this.#await(receipt, value.n)
      return receipt !== undefined
    })
  }

  async #await(receipt: Receipt, n: number): Promise<void> {
    try {
      await receipt
      this.#model.settle(n, 'over')
    } catch (error) {
      const { code, fate } = error as TuttiError
      const isToCome = fate === 'not-sent' && code === 'excluded'
      if (fate === 'unknown') this.#notify({ text: 'The connection was lost: look whether your last change is there.' })
      this.#model.settle(n, isToCome ? 'again' : 'over')
      if (isToCome && this.#host()?.group?.status === 'member') this.flush()
    }
  }
}
