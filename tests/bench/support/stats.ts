/** Of several repetitions. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly repetitions: number
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: percentile(values, 50),
    min: Math.min(...values),
    max: Math.max(...values),
    repetitions: values.length,
  }
}

/** Between the two values next to that place. Throws where there is no value. */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const place = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}
