import type { Extent } from './extent.ts'

/** How much of one document somebody has; the main document's `doc` is empty, a subdocument's is its guid. */
export interface DocExtent extends Extent {
  readonly doc: string
}

/** What shared documents say to each other. `tutti` is their tag, `by` tells one page's document from all others. */
export type DocValue = { readonly tutti: string; readonly by: number } & DocBody

export type DocBody =
  /** CBCAST. A change; one that has come in parts before has their `series` and `length` in place of its bytes. */
  | { readonly op: 'update'; readonly doc: string; readonly update: Uint8Array }
  | { readonly op: 'update'; readonly doc: string; readonly series: number; readonly length: number }
  /** CBCAST. The bytes of a large change from `at` on. */
  | { readonly op: 'part'; readonly series: number; readonly at: number; readonly bytes: Uint8Array }
  /** FBCAST. Awareness states, as y-protocols writes them. */
  | { readonly op: 'awareness'; readonly update: Uint8Array }
  /** CBCAST. I am here; where `asks`, tell me what I lack: this is what I have. */
  | { readonly op: 'hello'; readonly asks: boolean; readonly docs: readonly DocVector[] }
  /** CBCAST. You have been told all that I have. */
  | { readonly op: 'welcome'; readonly to: number; readonly docs: readonly DocExtent[] }
  /** FBCAST. I am still a member, but have the document no more. */
  | { readonly op: 'bye' }

export interface DocVector {
  readonly doc: string
  readonly vector: Uint8Array
}

/** A value of another page, or undefined for what is none of ours: another tag, another shape. */
export function readDocValue(value: unknown, tag: string): DocValue | undefined {
  if (!isRecord(value) || value.tutti !== tag || !isNumber(value.by)) return undefined
  const fits = shapes[value.op as DocBody['op']]
  return Object.hasOwn(shapes, value.op as string) && fits(value) ? (value as DocValue) : undefined
}

export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && value.length <= guidCharactersMax
}

export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array
}

/** Whether it is a whole number. */
export function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

const guidCharactersMax = 512
const docsMax = 65_536

type Fields = Readonly<Record<string, unknown>>

const shapes: Readonly<Record<DocBody['op'], (fields: Fields) => boolean>> = {
  update: ({ doc, update, series, length }) =>
    isGuid(doc) && (isBytes(update) || (isNumber(series) && isNumber(length))),
  part: ({ series, at, bytes }) => isNumber(series) && isNumber(at) && isBytes(bytes),
  awareness: ({ update }) => isBytes(update),
  hello: ({ asks, docs }) =>
    typeof asks === 'boolean' && isListOf(docs, ({ doc, vector }) => isGuid(doc) && isBytes(vector)),
  welcome: ({ to, docs }) =>
    isNumber(to) && isListOf(docs, ({ doc, vector, deletes }) => isGuid(doc) && isBytes(vector) && isBytes(deletes)),
  bye: () => true,
}

function isListOf(value: unknown, fits: (fields: Fields) => boolean): boolean {
  return Array.isArray(value) && value.length <= docsMax && value.every((one) => isRecord(one) && fits(one))
}

function isRecord(value: unknown): value is Fields {
  return value !== null && typeof value === 'object'
}
