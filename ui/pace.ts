/**
 * When to paint. A frame costs more than what a page does in it: where no graphics card helps, the browser copies the whole
 * canvas. So what a frame costs until the page has its next turn is measured, and where that is much, some are left out:
 * painting never takes more than a third of the page's time.
 */
export class Pace {
  readonly #paint: (now: number) => void
  #frame = 0
  #turn: MessageChannel | undefined
  #begunAt = 0
  #costMs = 0

  /** @param paint - called before a frame, with its time in milliseconds */
  constructor(paint: (now: number) => void) {
    this.#paint = paint
  }

  /** Paints in one of the next frames. */
  soon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#take(now))
  }

  /** Paints at once, and not again for that in the next frame. */
  now(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#paint(performance.now())
  }

  stop(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#turn?.port1.close()
    this.#turn = undefined
  }

  #take(now: number): void {
    this.#frame = 0
    if (this.#costMs > cheapMs && now - this.#begunAt < Math.min(this.#costMs * 3, waitMaxMs)) return this.soon()
    this.#begunAt = performance.now()
    this.#measure()
    this.#paint(now)
  }

  /** By a message to oneself, which comes when the frame is done. */
  #measure(): void {
    if (this.#turn === undefined) {
      this.#turn = new MessageChannel()
      this.#turn.port1.onmessage = () => {
        this.#costMs = 0.8 * this.#costMs + 0.2 * (performance.now() - this.#begunAt)
      }
    }
    this.#turn.port2.postMessage(undefined)
  }
}

/** Less is not worth leaving out a frame. */
const cheapMs = 4
const waitMaxMs = 66
