/** The time of day, as the visitor writes it. Takes milliseconds since 1970. */
export function clockTime(time: number): string {
  return clock.format(time)
}

/** The day and the time, for whom the time of day is not enough. */
export function fullTime(time: number): string {
  return full.format(time)
}

/** The day, in words where it is near. */
export function dayText(time: number, now: number): string {
  const days = Math.round((midnight(now) - midnight(time)) / dayMs)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return new Date(time).getFullYear() === new Date(now).getFullYear() ? day.format(time) : dayOfYear.format(time)
}

export function isSameDay(one: number, other: number): boolean {
  return midnight(one) === midnight(other)
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const dayMs = 86_400_000

/** Of the day that holds a moment. */
function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}
