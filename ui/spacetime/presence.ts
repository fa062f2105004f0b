import type { Line, Span, Stay } from './line.ts'

// Who is in the group when, as far as the traces tell.

/** A member tells of itself: it is there, even if others went on without it. */
export function isThere(line: Line, member: string, at: number): void {
  const { stay } = line
  if (stay?.member === member) {
    if (stay.end === 'gone') Object.assign(stay, { to: undefined, end: undefined })
  } else enter(line, member, at)
}

/** A member is in a view that somebody enters. */
export function enter(line: Line, member: string, at: number): void {
  const { stay } = line
  if (stay !== undefined && attemptOf(stay.member) >= attemptOf(member)) return
  end(line, at, 'gone')
  line.stays.push({ member, from: at, to: undefined, end: undefined })
}

/** The line's member is not in the group any more. */
export function end(line: Line, at: number, how: Stay['end']): void {
  const { stay } = line
  if (stay !== undefined && (stay.to === undefined || stay.end === 'gone')) Object.assign(stay, { to: at, end: how })
  for (const span of line.spans) span.to ??= at
}

/** Others went on without the member. */
export function leaveBehind(line: Line, member: string, at: number): void {
  const last = line.moments.at(-1)
  const isLater = last !== undefined && !last.isImplied && last.at > at
  if (line.stay?.member === member && line.stay.to === undefined && !isLater) {
    Object.assign(line.stay, { to: at, end: 'gone' })
  }
}

/** A time of one sort begins (a new one only if none runs), or ends. */
export function noteSpan(line: Line, type: Span['type'], at: number, isBeginning: boolean): void {
  const running = line.spans.find((span) => span.type === type && span.to === undefined)
  if (isBeginning && running === undefined) line.spans.push({ type, from: at, to: undefined })
  if (!isBeginning && running !== undefined) running.to = at
}

/** Forgets what was over before `at`. */
export function forgetBefore(line: Line, at: number): void {
  const isOver = ({ to }: { to: number | undefined }): boolean => to !== undefined && to < at
  if (line.spans.some(isOver)) line.spans.splice(0, line.spans.length, ...line.spans.filter((span) => !isOver(span)))
  // The last one says who the line is.
  while (line.stays.length > 1 && isOver(line.stays[0]!)) line.stays.shift()
}

function attemptOf(member: string): number {
  return Number(/\.(\d+)$/.exec(member)?.[1] ?? 0)
}
