import type { CastKind, CastPurpose } from '../base/cast-kind.ts'
import { Reader, WireError, Writer } from './bytes.ts'

/**
 * One entry of a stream, as its sender wrote it: a whole multicast, the first fragment of one, or a further fragment.
 * Bytes are relayed and pulled unchanged; they can be read only in the order of the stream, because the vector time
 * is told as its increase since the sender's last multicast (Birman, Schiper, Stephenson 1991, section 5.3).
 */
export type Entry =
  | {
      readonly type: 'cast'
      readonly kind: CastKind
      /** Default: `message`. */
      readonly purpose?: Exclude<CastPurpose, 'message'>
      /** Entries of this multicast, itself included. */
      readonly fragments: number
      /** What changed in the sender's vector time. */
      readonly increase: readonly { readonly rank: number; readonly by: number }[]
      readonly payload: Uint8Array
    }
  | { readonly type: 'fragment'; readonly payload: Uint8Array }

const KINDS: readonly CastKind[] = ['fifo', 'causal', 'total']
const FRAGMENT = 3
const HAS_INCREASE = 4
const HAS_FRAGMENTS = 8
/** Append only. */
const PURPOSES: readonly CastPurpose[] = ['message', 'pause', 'state', 'resume']
const PURPOSE_SHIFT = 4

export function encodeEntry(entry: Entry): Uint8Array {
  const writer = new Writer(entry.payload.length + 24)
  if (entry.type === 'fragment') return writer.byte(FRAGMENT).raw(entry.payload).finish()
  const { kind, fragments, increase, purpose = 'message' } = entry
  const flags = (increase.length > 0 ? HAS_INCREASE : 0) | (fragments > 1 ? HAS_FRAGMENTS : 0)
  writer.byte(KINDS.indexOf(kind) | flags | (PURPOSES.indexOf(purpose) << PURPOSE_SHIFT))
  if (fragments > 1) writer.varint(fragments)
  if (increase.length > 0) writer.list(increase, ({ rank, by }) => writer.varint(rank).varint(by))
  return writer.raw(entry.payload).finish()
}

/** The entry, its payload a view into `bytes`; undefined for bytes that are none. */
export function decodeEntry(bytes: Uint8Array): Entry | undefined {
  try {
    const reader = new Reader(bytes)
    const head = reader.byte()
    if (head === FRAGMENT) return { type: 'fragment', payload: reader.rest() }
    const kind = KINDS[head & 3]
    const purpose = PURPOSES[head >> PURPOSE_SHIFT]
    if (kind === undefined || purpose === undefined) return undefined
    const fragments = (head & HAS_FRAGMENTS) > 0 ? reader.varint() : 1
    const increase =
      (head & HAS_INCREASE) > 0 ? reader.list(() => ({ rank: reader.varint(), by: reader.varint() })) : []
    if (fragments === 0) return undefined
    const cast = { type: 'cast', kind, fragments, increase, payload: reader.rest() } as const
    return purpose === 'message' ? cast : { ...cast, purpose }
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}
