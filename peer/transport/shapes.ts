/** What has come from another peer, or from the server, and may be anything. */

/** Data whose fields have known names, and nothing else that is known of them. */
export type Unchecked<T> = { readonly [K in keyof T]?: unknown }

export function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null
}

export function isText(data: unknown, lengthMax: number): data is string {
  return typeof data === 'string' && data.length <= lengthMax
}

export function isOptionalText(data: unknown, lengthMax: number): data is string | undefined {
  return data === undefined || isText(data, lengthMax)
}

export function isCount(data: unknown): data is number {
  return Number.isSafeInteger(data) && (data as number) >= 0
}

/** Whether it is a list of at most `lengthMax` items, each of which passes. */
export function isList<T>(data: unknown, lengthMax: number, passes: (item: unknown) => item is T): data is T[] {
  return Array.isArray(data) && data.length <= lengthMax && data.every(passes)
}

/** A plain view of binary data, which is a view of some kind in Node and a buffer in a page; undefined if it is none. */
export function bytesIn(data: unknown): Uint8Array | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return data instanceof Uint8Array ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : undefined
}
