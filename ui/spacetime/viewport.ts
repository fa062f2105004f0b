import type { Stretch } from './time-axis.ts'

/** Which stretch of time is seen: the last one while it is live, or one that is held. */
export interface Viewport {
  readonly live: boolean
  /** In ms. */
  readonly spanMs: number
  /** Where it ends when it is not live. */
  readonly endMs: number
}

export const spanMinMs = 2
export const spanMaxMs = 3_600_000

export function windowOf({ live, spanMs, endMs }: Viewport, now: number): Stretch {
  // Some room after the newest, so that it is not cut in two by the edge.
  const to = live ? now + spanMs * marginShare : endMs
  return { from: to - spanMs, to }
}

/** Sees `factor` times as much, with `around` where it is; what is live stays live. */
export function zoomed(viewport: Viewport, factor: number, around: number, now: number): Viewport {
  const { from, to } = windowOf(viewport, now)
  const spanMs = Math.min(Math.max(viewport.spanMs * factor, spanMinMs), spanMaxMs)
  const share = (to - around) / (to - from)
  return { ...viewport, spanMs, endMs: around + spanMs * share }
}

/** Held, and moved on (or back, if negative). What comes to the end of time is live again. */
export function moved(viewport: Viewport, byMs: number, now: number): Viewport {
  const endMs = windowOf(viewport, now).to + byMs
  const last = windowOf({ ...viewport, live: true }, now).to
  return byMs > 0 && endMs >= last ? { ...viewport, live: true } : { ...viewport, live: false, endMs }
}

/** Moved just as far as is needed to see a time, held. */
export function showing(viewport: Viewport, at: number, now: number): Viewport {
  const { from, to } = windowOf(viewport, now)
  const margin = viewport.spanMs * marginShare
  const byMs =
    at < from + margin ? at - from - viewport.spanMs / 4 : at > to - margin ? at - to + viewport.spanMs / 4 : 0
  return { ...viewport, live: false, endMs: to + byMs }
}

const marginShare = 0.03
