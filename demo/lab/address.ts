/** What the address of a page of the lab says. */
export interface Place {
  /** The scenario's name, `own`, or undefined: the table of contents. */
  readonly scenario: string | undefined
  readonly seed: number | undefined
  /** The script of an own scenario. It stands behind the `#`, so that no server sees it. */
  readonly script: string | undefined
}

export const SEED_MAX = 999_999

/** Reads `?s=…&seed=…#script=…`; what makes no sense is left out. */
export function readPlace(address: URL): Place {
  const seed = Number(address.searchParams.get('seed') ?? Number.NaN)
  return {
    scenario: address.searchParams.get('s') || undefined,
    seed: isSeed(seed) ? seed : undefined,
    script: new URLSearchParams(address.hash.slice(1)).get('script') ?? undefined,
  }
}

export function isSeed(seed: number): boolean {
  return Number.isSafeInteger(seed) && seed >= 1 && seed <= SEED_MAX
}

/** The address of a scenario, relative to any page of the lab. */
export function addressOf(scenario: string, { seed, script }: Partial<Omit<Place, 'scenario'>> = {}): string {
  const query = new URLSearchParams({ s: scenario, ...(seed !== undefined && { seed: String(seed) }) })
  const hash = script === undefined ? '' : `#${new URLSearchParams({ script })}`
  return `?${query}${hash}`
}
