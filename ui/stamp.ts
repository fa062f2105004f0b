/**
 * A place in an order that every member computes alike, whatever order concurrent messages came in: by Lamport's clock,
 * so that an effect stands behind its cause, then by id. Source: Lamport 1978, "Time, clocks, and the ordering of events".
 */
export interface Stamp {
  readonly at: number
  readonly id: string
}

export function compareStamps(a: Stamp, b: Stamp): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/** Whether a value from outside can serve as a time or a count. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** The latest time of a stamp. A clock that somebody else set to it stays there, so that what is said later still counts. */
export const clockMax = 2 ** 50
