/** A stretch of time that is seen, in ms. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Round times within a stretch, at least `pixelsMin` apart when it is drawn `width` pixels wide. */
export function ticksOf({ from, to }: Stretch, width: number, pixelsMin = 84): { at: number; label: string }[] {
  const stepMs = roundStep(((to - from) / Math.max(width, 1)) * pixelsMin)
  const first = Math.ceil(from / stepMs)
  const count = Math.max(0, Math.floor(to / stepMs) - first + 1)
  const largest = Math.max(Math.abs(from), Math.abs(to))
  return Array.from({ length: count }, (_, index) => {
    const at = (first + index) * stepMs
    return { at, label: timeText(at, stepMs, largest) }
  })
}

/** A time as text, as exactly as a step of `stepMs` needs, in the unit that suits `largest`. */
export function timeText(ms: number, stepMs = 1, largest = Math.abs(ms)): string {
  if (Math.max(largest, stepMs) < 1000) return `${trim(ms, decimals(stepMs))} ms`
  const seconds = trim(ms / 1000, decimals(stepMs / 1000))
  if (largest < 60_000 || stepMs < 10) return `${seconds} s`
  const minutes = Math.trunc(ms / 60_000)
  return `${minutes}:${trim(Math.abs(ms / 1000 - minutes * 60), decimals(stepMs / 1000)).padStart(2, '0')} min`
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-6)))
  return power * (steps.find((step) => step * power >= least) ?? 10)
}

const steps = [1, 2, 5]

function decimals(step: number): number {
  return Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))
}

function trim(value: number, digits: number): string {
  return value.toFixed(Math.min(digits, 6))
}
