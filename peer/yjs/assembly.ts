/** Changes that are coming in parts: who sends, and the parts of the series that are here. */
export type SavedParts = readonly (readonly [
  member: string,
  by: number,
  series: number,
  parts: readonly Uint8Array[],
])[]

interface Part {
  readonly by: number
  readonly series: number
}

/** Puts changes that came in parts together again. */
export class Assembly {
  /** One for each document of a page of a member: it sends one series after the other. */
  readonly #open = new Map<string, Part & { readonly member: string; readonly parts: Uint8Array[]; bytes: number }>()

  add(member: string, { by, series, bytes }: Part & { readonly bytes: Uint8Array }): void {
    const key = keyOf(member, by)
    const found = this.#open.get(key)
    const open = found?.series === series ? found : { member, by, series, parts: [], bytes: 0 }
    open.bytes += bytes.length
    // What arrives may be a piece of a larger buffer, which would be kept with it.
    open.parts.push(bytes.slice())
    if (open.bytes > seriesBytesMax) this.#open.delete(key)
    else this.#open.set(key, open)
  }

  /** The whole, or undefined where its beginning is not here. */
  take(member: string, { by, series }: Part): Uint8Array | undefined {
    const key = keyOf(member, by)
    const open = this.#open.get(key)
    this.#open.delete(key)
    return open?.series === series ? join(open.parts, open.bytes) : undefined
  }

  /** Who is gone will not send the rest. */
  keepOnly(members: ReadonlySet<string>): void {
    for (const [key, { member }] of this.#open) if (!members.has(member)) this.#open.delete(key)
  }

  save(): SavedParts {
    return [...this.#open.values()].map(({ member, by, series, parts }) => [member, by, series, [...parts]] as const)
  }

  /** Replaces all there is. */
  load(saved: unknown): void {
    this.#open.clear()
    for (const entry of Array.isArray(saved) ? saved : []) {
      const [member, by, series, parts] = Array.isArray(entry) ? entry : []
      if (typeof member !== 'string' || !Number.isSafeInteger(by) || !Number.isSafeInteger(series)) continue
      if (!Array.isArray(parts) || !parts.every((part) => part instanceof Uint8Array)) continue
      for (const bytes of parts) this.add(member, { by, series, bytes })
    }
  }
}

const seriesBytesMax = 1024 * 1024 * 1024

function keyOf(member: string, by: number): string {
  return `${by} ${member}`
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
