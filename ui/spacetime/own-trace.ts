import type { Group } from '../../peer/index.ts'
import type { SpacetimeEvent } from './spacetime-event.ts'

type Take = (events: readonly SpacetimeEvent[]) => void

/**
 * The trace of this page's member, from now on, with what a trace does not have: the view it begins in, and the times in
 * which the member may not send, which are looked for.
 */
export class OwnTrace {
  readonly #group: Group<unknown, unknown>
  readonly #take: Take
  readonly #endTrace: () => void
  readonly #timer: ReturnType<typeof setInterval>
  #isWedged = false

  constructor(group: Group<unknown, unknown>, take: Take) {
    this.#group = group
    this.#take = take
    const { lineage, number, members, primary } = group.view
    const ids = members.map(({ id }) => id)
    take([{ ...this.#header(), event: 'begin', lineage, number, members: ids, primary }])
    this.#endTrace = group.trace((event) => {
      if (event.event === 'install') this.#isWedged = false
      take([event])
    })
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
  }

  close(): void {
    this.#endTrace()
    clearInterval(this.#timer)
  }

  #look(): void {
    const { view } = this.#group.inspect().engine as { view?: { wedged?: unknown } }
    const isWedged = view?.wedged === true
    if (isWedged === this.#isWedged) return
    this.#isWedged = isWedged
    this.#take([{ ...this.#header(), event: isWedged ? 'wedged' : 'unwedged' }])
  }

  #header(): Pick<SpacetimeEvent, 't' | 'peer' | 'group'> {
    return { t: pageTime(), peer: this.#group.self.id, group: this.#group.name }
  }
}

/** The clock of traces: milliseconds since 1970, never running backwards. */
export function pageTime(): number {
  return performance.timeOrigin + performance.now()
}

const lookEveryMs = 50
