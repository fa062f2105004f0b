/** Invariants. A broken one throws and stops the peer: fail-stop is the failure model. */

/** Throws when `condition` is false. `message` says which invariant broke. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}

/** For the branch of a switch over a union that must not be reached. */
export function assertNever(value: never): never {
  throw new Error(`invariant broken: unexpected ${JSON.stringify(value)}`)
}
