/** Engine state is plain data: arrays, maps, sets, records, bytes (never written to once shared), text, numbers. */

/** A deep copy. Byte arrays are shared. */
export function clonePlain<T>(value: T): T {
  return copy(value) as T
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(copy)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [copy(key), copy(item)]))
  if (value instanceof Set) return new Set([...value].map(copy))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
}

/**
 * A 53-bit hash. Maps and sets count in the order of insertion. Fields for which `skip` says so (times, counters) are
 * left out, so that states that differ only in them are one.
 */
export function hashPlain(value: unknown, skip: (key: string) => boolean): number {
  const hasher = new Hasher(skip)
  hasher.add(value)
  return hasher.digest()
}

class Hasher {
  #a = 0x811c9dc5
  #b = 0x050c5d1f
  readonly #skip: (key: string) => boolean

  constructor(skip: (key: string) => boolean) {
    this.#skip = skip
  }

  add(value: unknown): void {
    if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'string') this.#text(value)
    else if (typeof value === 'boolean') this.#mix(value ? 3 : 5)
    else if (value === undefined || value === null) this.#mix(7)
    else if (value instanceof Uint8Array) this.#list(11, value)
    else if (Array.isArray(value)) this.#list(13, value)
    else if (value instanceof Map) this.#list(17, [...value].flat())
    else if (value instanceof Set) this.#list(19, [...value])
    else this.#record(value as object)
  }

  digest(): number {
    return (this.#a >>> 0) * 0x200000 + ((this.#b >>> 0) & 0x1fffff)
  }

  #record(record: object): void {
    this.#mix(23)
    for (const [key, item] of Object.entries(record)) {
      if (this.#skip(key)) continue
      this.#text(key)
      this.add(item)
    }
  }

  #list(tag: number, items: ArrayLike<unknown>): void {
    this.#mix(tag)
    this.#mix(items.length)
    for (let i = 0; i < items.length; i++) this.add(items[i])
  }

  #number(value: number): void {
    this.#mix(value | 0)
    this.#mix(Math.floor(value / 0x1_0000_0000) | 0)
  }

  #text(text: string): void {
    this.#mix(text.length)
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i))
  }

  #mix(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x01000193)
    this.#b = Math.imul(this.#b ^ value ^ (this.#a >>> 15), 0x85ebca6b)
  }
}
