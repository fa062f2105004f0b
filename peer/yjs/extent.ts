import * as Y from 'yjs'

/** How much of a document somebody has: what was inserted, and what was deleted. Both encoded. */
export interface Extent {
  /** A state vector: of each client the number of insertions, without a gap. */
  readonly vector: Uint8Array
  /** An update that holds deletions only. */
  readonly deletes: Uint8Array
}

/** A document, or the update that it can be made of. */
export type Content = Y.Doc | Uint8Array

export const nothing: Extent = { vector: new Uint8Array([0]), deletes: new Uint8Array([0, 0]) }

export function extentOf(content: Content): Extent {
  const vector = vectorOf(content)
  return { vector, deletes: updateSince(content, vector) }
}

export function vectorOf(content: Content): Uint8Array {
  return content instanceof Uint8Array ? Y.encodeStateVectorFromUpdate(content) : Y.encodeStateVector(content)
}

/** All insertions beyond those of `vector`, and all deletions. */
export function updateSince(content: Content, vector?: Uint8Array): Uint8Array {
  if (content instanceof Uint8Array) return vector === undefined ? content : Y.diffUpdate(content, vector)
  return Y.encodeStateAsUpdate(content, vector)
}

/** Whether nothing was ever written. */
export function isEmpty(content: Content): boolean {
  if (content instanceof Uint8Array) return content.length <= nothing.deletes.length
  const { clients, pendingStructs, pendingDs } = content.store
  return clients.size === 0 && pendingStructs === null && pendingDs === null
}

/** What a document has beyond `extent`, as an update; undefined where that is nothing. */
export function beyond(extent: Extent, content: Content): Uint8Array | undefined {
  if (isEmpty(content)) return undefined
  const own = extentOf(content)
  const isKnown = isWithin(own.vector, extent.vector) && isDeletedIn(own.deletes, extent.deletes) && !isWaiting(content)
  return isKnown ? undefined : updateSince(content, extent.vector)
}

/** Part of it follows something that it does not have: no vector tells of that. */
function isWaiting(content: Content): boolean {
  return !(content instanceof Uint8Array) && (content.store.pendingStructs !== null || content.store.pendingDs !== null)
}

function isWithin(vector: Uint8Array, other: Uint8Array): boolean {
  const theirs = Y.decodeStateVector(other)
  return [...Y.decodeStateVector(vector)].every(([client, clock]) => clock <= (theirs.get(client) ?? 0))
}

function isDeletedIn(deletes: Uint8Array, other: Uint8Array): boolean {
  const theirs = rangesOf(other)
  return [...rangesOf(deletes)].every(([client, ranges]) => areCovered(ranges, theirs.get(client) ?? []))
}

type Range = [from: number, to: number]

/** In one pass over both: a document that was worked on for long has very many. */
function areCovered(ranges: readonly Range[], theirs: readonly Range[]): boolean {
  let at = 0
  return ranges.every(([from, to]) => {
    while (at < theirs.length && theirs[at]![1] < to) at++
    return at < theirs.length && theirs[at]![0] <= from
  })
}

/** Of each client what was deleted, in order, nothing twice, nothing in two ranges that touch. */
function rangesOf(deletes: Uint8Array): Map<number, Range[]> {
  const found = new Map<number, Range[]>()
  for (const [client, items] of Y.decodeUpdate(deletes).ds.clients) {
    const ranges: Range[] = []
    for (const { clock, len } of [...items].sort((a, b) => a.clock - b.clock)) {
      const last = ranges.at(-1)
      if (last !== undefined && clock <= last[1]) last[1] = Math.max(last[1], clock + len)
      else ranges.push([clock, clock + len])
    }
    found.set(client, ranges)
  }
  return found
}
