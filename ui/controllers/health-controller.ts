import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Group } from '../../peer/index.ts'
import { type Health, isSameHealth, readHealth, unknownHealth } from './health.ts'

/** No event tells of it, so it is looked at. */
const LOOK_EVERY_MS = 1_000

/**
 * Keeps an element's picture of how the members are reached: fresh at each of its updates, and looked at once a second
 * while the element is in a page that is seen.
 */
export class HealthController implements ReactiveController {
  readonly #element: ReactiveControllerHost
  readonly #group: () => Pick<Group, 'inspect'> | null | undefined
  #health: Health = unknownHealth
  #timer: ReturnType<typeof setInterval> | undefined

  /** @param group - the group to look at, if there is one now */
  constructor(element: ReactiveControllerHost, group: () => Pick<Group, 'inspect'> | null | undefined) {
    this.#element = element
    this.#group = group
    element.addController(this)
  }

  get health(): Health {
    return this.#health
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#watch)
    this.#watch()
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#watch)
    this.#stop()
  }

  hostUpdate(): void {
    this.#health = this.#read()
  }

  readonly #watch = (): void => {
    this.#stop()
    if (document.visibilityState !== 'visible') return
    this.#look()
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    if (!isSameHealth(this.#read(), this.#health)) this.#element.requestUpdate()
  }

  #read(): Health {
    const group = this.#group()
    return group ? readHealth(group.inspect()) : unknownHealth
  }
}
