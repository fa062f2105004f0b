import type { Line, Vector, ViewNow } from './line.ts'

// Vector times, out of the trace itself: they begin anew with each view. Source: Birman, Schiper, Stephenson 1991, "Lightweight
// causal and atomic group multicast", section 5.

interface ViewName {
  readonly lineage: string
  readonly number: number
}

/** `isWhole`: from its beginning; else what was delivered there before is not known. */
export function enterView(line: Line, view: ViewName & { members: readonly string[] }, isWhole: boolean): void {
  line.view = viewNow(view, view.members, isWhole)
}

/** The line's member multicasts. */
export function countSend(line: Line, { id, peer }: { id: string; peer: string }): void {
  const { view, seq } = readId(id)
  if (view !== undefined) setCount(viewOf(line, view), peer, seq)
}

/** The line's member delivers: of its own multicasts those count that it sent. */
export function countArrival(line: Line, event: ViewName & { id: string; peer: string; from: string }): void {
  if (event.from === event.peer) return
  const view = viewOf(line, event)
  const before = view.counts.get(event.from)
  const { seq } = readId(event.id)
  setCount(view, event.from, view.isWhole ? (before ?? 0) + 1 : Math.max(before ?? 0, seq))
}

/** What the line's member knows of now. */
export function vectorOf({ view }: Line): Vector | undefined {
  return view && { members: view.members, counts: [...view.counts.values()] }
}

function viewOf(line: Line, name: ViewName): ViewNow {
  const { view } = line
  if (view?.lineage === name.lineage && view.number === name.number) return view
  line.view = viewNow(name, [], false)
  return line.view
}

function viewNow({ lineage, number }: ViewName, members: readonly string[], isWhole: boolean): ViewNow {
  const counts = new Map(members.map((member) => [member, isWhole ? 0 : undefined]))
  return { lineage, number, members, isWhole, counts }
}

function setCount(view: ViewNow, member: string, count: number): void {
  const isNew = !view.counts.has(member)
  // No honest view has more.
  if (isNew && view.counts.size >= membersMax) return
  view.counts.set(member, count)
  if (isNew) view.members = [...view.counts.keys()]
}

const membersMax = 1_000

/** An id is `lineage/number/sender/seq`; a simulation may have others, which are in no view. */
function readId(id: string): { readonly view: ViewName | undefined; readonly seq: number } {
  const [lineage, number, , seq] = id.split('/')
  if (seq === undefined) return { view: undefined, seq: 0 }
  return { view: { lineage: lineage!, number: Number(number) }, seq: Number(seq) }
}
