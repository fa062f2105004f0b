/** Time as the runtime sees it: real in an application, virtual in a simulation. */
export interface Clock {
  /** Milliseconds, never running backwards. */
  now(): number
  /** Runs `run` at `atMs` or soon after; the returned function takes it back. */
  at(atMs: number, run: () => void): () => void
  /** Runs `run` once the current turn of the loop is over. */
  defer(run: () => void): void
}

/** The clock of this process. */
export const realClock: Clock = {
  now: () => performance.now() + performance.timeOrigin,
  at(atMs, run) {
    const timer = setTimeout(run, Math.max(0, atMs - this.now()))
    return () => clearTimeout(timer)
  },
  defer: (run) => queueMicrotask(run),
}
