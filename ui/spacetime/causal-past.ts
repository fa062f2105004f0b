import type { Line, Moment } from './line.ts'

/** All that happened before a moment and may have led to it, itself included, as far as is known. */
export function causalPast(moment: Moment): ReadonlySet<Moment> {
  const past = new Set<Moment>()
  const reached = new Map<Line, number>()
  const open = [moment]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { line } = next
    const from = reached.get(line) ?? 0
    const to = line.indexOf(next) + 1
    if (to <= from) continue
    reached.set(line, to)
    for (const before of line.moments.slice(from, to)) {
      past.add(before)
      const send = before.role === 'arrival' ? before.flight!.send : undefined
      if (send !== undefined) open.push(send)
    }
  }
  return past
}
