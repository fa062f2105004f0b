import type { Outcome } from '../pages/chaos-page.ts'
import type { SavedLedger } from '../pages/ledger.ts'

/** One tab as it stands at the end. */
export interface Account {
  readonly name: string
  readonly state: SavedLedger
  /** Multicasts whose fate it does not know. */
  readonly open: readonly string[]
}

/** What is not at rest yet: states that differ, and receipts that are open. At least one account. */
export function unrest([first, ...others]: readonly Account[]): string[] {
  return [
    ...[first!, ...others].flatMap(({ name, open }) =>
      open.map((label) => `${name} never learned the fate of ${label}`),
    ),
    ...others.flatMap((account) => differences(account, first!)),
  ]
}

/**
 * Multicasts that were lost, or delivered, in spite of what their sender was told.
 * @param outcomes of all values that anybody multicast, also one that is gone: undefined where it never learned
 * @param gone pages that are gone, and may have sent something without a chance to say so: the part of a value before /
 */
export function untruths(
  { state }: Account,
  outcomes: ReadonlyMap<string, Outcome | undefined>,
  gone: ReadonlySet<string>,
): string[] {
  const ids = new Map(state.entries)
  const unsaid = [...ids.keys()].filter((label) => !outcomes.has(label) && !gone.has(label.split('/')[0]!))
  return [
    ...[...outcomes].flatMap(([label, outcome]) => untruth(label, outcome, ids.get(label)?.length ?? 0)),
    ...unsaid.map((label) => `${label} was never multicast`),
  ]
}

function differences(account: Account, other: Account): string[] {
  const [mine, theirs] = [account, other].map(({ state }) => new Map(state.entries.map(([l, ids]) => [l, `${ids}`])))
  const labels = new Set([...mine!.keys(), ...theirs!.keys()])
  const differing = [...labels].filter((label) => mine!.get(label) !== theirs!.get(label))
  const examples = differing.slice(0, examplesMax).map((label) => {
    const [here, there] = [mine!.get(label), theirs!.get(label)]
    return `${account.name} has ${here ? `${label} as ${here}` : `no ${label}`}, ${other.name} ${there ?? 'has none'}`
  })
  const more = differing.length > examples.length ? [`and ${differing.length - examples.length} more differences`] : []
  const sameOrder = account.state.totals.join() === other.state.totals.join()
  const order = sameOrder ? [] : [`${account.name} and ${other.name} have the ABCASTs in different orders`]
  return [...examples, ...more, ...order]
}

function untruth(label: string, outcome: Outcome | undefined, times: number): string[] {
  if (times > 1) return [`${label} is in the state ${times} times`]
  const fate = outcome?.split(':').at(-1)
  const isPromised = fate === 'stable' || fate === 'in-cut'
  const isDenied = fate === 'not-sent' || fate === 'refused'
  if (isPromised && times === 0) return [`${label} is lost, though its sender was told '${outcome}'`]
  if (isDenied && times > 0) return [`${label} is in the state, though its sender was told '${outcome}'`]
  return []
}

const examplesMax = 5
