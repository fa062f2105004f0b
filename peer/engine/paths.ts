/** The quickest ways through a graph of members, by rank (Dijkstra's algorithm). */

export interface Path {
  /** Rank of the next on the way. */
  readonly via: number
  /** Links of the whole way. */
  readonly hops: number
  readonly costMs: number
}

export interface Graph {
  /** The paths of one link that begin here, by rank. */
  readonly first: readonly (Path | undefined)[]
  /** What the link from one to another costs; undefined: there is none. */
  linkMs(from: number, to: number): number | undefined
  readonly hopsMax: number
}

/**
 * The best path to each: the least cost, then the fewest links, then the lowest rank to go by. `self`: where the paths begin;
 * `target`: the only one whose path matters, if given.
 */
export function quickestPaths({ first, linkMs, hopsMax }: Graph, self: number, target?: number): (Path | undefined)[] {
  const paths = [...first]
  const open = new Set(first.keys())
  open.delete(self)
  for (let next = nearest(paths, open); next !== undefined && next !== target; next = nearest(paths, open)) {
    open.delete(next)
    const { via, hops, costMs } = paths[next]!
    if (hops >= hopsMax) continue
    for (const rank of open) {
      const linkCostMs = linkMs(next, rank)
      if (linkCostMs === undefined) continue
      const path = { via, hops: hops + 1, costMs: costMs + linkCostMs }
      if (isBetter(path, paths[rank])) paths[rank] = path
    }
  }
  return paths
}

function nearest(paths: readonly (Path | undefined)[], open: ReadonlySet<number>): number | undefined {
  let best: number | undefined
  for (const rank of open) {
    const path = paths[rank]
    if (path !== undefined && (best === undefined || isBetter(path, paths[best]))) best = rank
  }
  return best
}

function isBetter(path: Path, than: Path | undefined): boolean {
  if (than === undefined) return true
  if (path.costMs !== than.costMs) return path.costMs < than.costMs
  return path.hops !== than.hops ? path.hops < than.hops : path.via < than.via
}
