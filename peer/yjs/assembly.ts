import { isBytes, isNumber } from './doc-values.ts'

/** Changes that are coming in parts: who sends, and the parts of the series that are here. */
export type SavedParts = readonly (readonly [
  member: string,
  by: number,
  series: number,
  parts: readonly Uint8Array[],
])[]

/** One change of one page, which sends one after the other. */
interface Series {
  readonly by: number
  readonly series: number
}

interface Open extends Series {
  readonly member: string
  readonly parts: Uint8Array[]
  /** Of all its parts together. */
  bytes: number
}

/** Puts changes that came in parts together again. */
export class Assembly {
  readonly #open = new Map<string, Open>()

  /** Takes the bytes from `at` on. Those of a series whose beginning is not here are of no use, and are not kept. */
  add(member: string, { by, series, at, bytes }: Series & { readonly at: number; readonly bytes: Uint8Array }): void {
    const key = keyOf(member, by)
    const open = at === 0 ? { member, by, series, parts: [], bytes: 0 } : this.#open.get(key)
    this.#open.delete(key)
    if (open?.series !== series || open.bytes !== at || at + bytes.length > seriesBytesMax) return
    open.bytes += bytes.length
    // What arrives may be a piece of a larger buffer, which would be kept with it.
    open.parts.push(bytes.slice())
    this.#open.set(key, open)
  }

  /** The whole, or undefined where some of it is not here. */
  take(member: string, { by, series, length }: Series & { readonly length: number }): Uint8Array | undefined {
    const key = keyOf(member, by)
    const open = this.#open.get(key)
    this.#open.delete(key)
    return open?.series === series && open.bytes === length ? join(open.parts, length) : undefined
  }

  /** This page will not send the rest. */
  drop(member: string, by: number): void {
    this.#open.delete(keyOf(member, by))
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
      if (typeof member !== 'string' || !isNumber(by) || !isNumber(series)) continue
      if (!Array.isArray(parts) || !parts.every(isBytes)) continue
      let at = 0
      for (const bytes of parts) {
        this.add(member, { by, series, at, bytes })
        at += bytes.length
      }
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
