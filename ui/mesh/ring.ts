import type { MeshLink } from './mesh-model.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** The picture's size, in its own units. */
export const width = 340
export const height = 250

const radiusX = 128
const radiusY = 84
/** How far a way through another member runs beside the link that it shares. */
const asideBy = 5

/** Where the members stand: in a ring, `self` at the bottom, the others clockwise by rank. */
export function placesOf(members: number, self: number): Point[] {
  return Array.from({ length: members }, (_, rank) => {
    const turn = ((rank - Math.max(0, self) + members) % members) / members
    const angle = Math.PI / 2 + turn * 2 * Math.PI
    return { x: round(width / 2 + radiusX * Math.cos(angle)), y: round(height / 2 - 6 + radiusY * Math.sin(angle)) }
  })
}

/** How large a member is drawn, so that many still stand apart. */
export function nodeRadius(members: number): number {
  return members <= 8 ? 17 : members <= 14 ? 13 : 9
}

/** The line of a link, as an SVG path. */
export function pathOf(link: MeshLink, places: readonly Point[]): string {
  const [from, to] = [places[link.from]!, places[link.to]!]
  if (link.via === undefined) return `M${from.x} ${from.y}L${to.x} ${to.y}`
  const via = places[link.via]!
  const [first, second] = [aside(from, via), aside(via, to)]
  return `M${first[0].x} ${first[0].y}L${first[1].x} ${first[1].y}L${second[1].x} ${second[1].y}`
}

/** Where the words about a link stand: past its middle, where the lines that begin here have parted. */
export function labelOf(link: MeshLink, places: readonly Point[]): Point {
  const from = places[link.via ?? link.from]!
  const to = places[link.to]!
  const part = link.via === undefined ? 0.56 : 0.5
  return { x: round(from.x + (to.x - from.x) * part), y: round(from.y + (to.y - from.y) * part) }
}

function aside(from: Point, to: Point): [Point, Point] {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [x, y] = [((to.y - from.y) / length) * asideBy, ((from.x - to.x) / length) * asideBy]
  return [
    { x: round(from.x + x), y: round(from.y + y) },
    { x: round(to.x + x), y: round(to.y + y) },
  ]
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
