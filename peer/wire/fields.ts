/** What messages are made of, each with how it is written and read: the format of a message is a table of these. */
import { isMemberId, isName, type MemberId } from '../base/ids.ts'
import { type Reader, WireError, type Writer } from './bytes.ts'

/** `read` throws WireError for bytes that are none of these. */
export interface Field<T> {
  write(writer: Writer, value: T): unknown
  read(reader: Reader): T
}

/** The fields of a record, in their order on the wire. */
export type Fields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> }

export const byte: Field<number> = { write: (w, value) => w.byte(value), read: (r) => r.byte() }
export const uint32: Field<number> = { write: (w, value) => w.uint32(value), read: (r) => r.uint32() }
export const varint: Field<number> = { write: (w, value) => w.varint(value), read: (r) => r.varint() }
export const varints: Field<readonly number[]> = { write: (w, values) => w.varints(values), read: (r) => r.varints() }
export const bytes: Field<Uint8Array> = { write: (w, value) => w.bytes(value), read: (r) => r.bytes() }
const text: Field<string> = { write: (w, value) => w.text(value), read: (r) => r.text() }

/** Those of a record that stand in a row share a byte, the first in its lowest bit. Bits that mean nothing are ignored. */
export const flag = oneOf([false, true])

/** What counts from one. */
export const positive = checked(varint, (value) => value > 0, 'zero where numbers count from one')
export const member = checked(text, isMemberId, 'not a member id') as Field<unknown> as Field<MemberId>

/** A peer id, a lineage, a token: `what` says which. */
export function name<T extends string>(what: string): Field<T> {
  return checked(text, isName, `not ${what}`) as Field<unknown> as Field<T>
}

/** What passes. */
export function checked<T>(field: Field<T>, passes: (value: T) => boolean, otherwise: string): Field<T> {
  const read = (r: Reader): T => {
    const value = field.read(r)
    return passes(value) ? value : wrong(otherwise)
  }
  return { write: field.write, read }
}

/** A field that never begins with a zero; undefined is a zero. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    write: (w, value) => (value === undefined ? w.byte(0) : field.write(w, value)),
    read: (r) => (r.skipZero() ? undefined : field.read(r)),
  }
}

export function list<T>(item: Field<T>): Field<readonly T[]> {
  return { write: (w, items) => w.list(items, (each) => item.write(w, each)), read: (r) => r.list(() => item.read(r)) }
}

/** One of a list that grows at its end only. */
export function oneOf<T>(values: readonly T[]): Field<T> {
  return {
    write: (w, value) => w.byte(values.indexOf(value)),
    read: (r) => values[r.byte()] ?? wrong('none of those that are known'),
  }
}

/** One of several records, told apart by `tag`, whose values are the keys of `variants`; `numbers` are those on the wire. A variant that is a field writes itself as a whole. */
export function variant<T extends { readonly [K in Tag]: string }, Tag extends string>(
  tag: Tag,
  numbers: { readonly [Kind in T[Tag]]: number },
  variants: {
    readonly [Kind in T[Tag]]:
      | Fields<Omit<Extract<T, { readonly [K in Tag]: Kind }>, Tag>>
      | Field<Extract<T, { readonly [K in Tag]: Kind }>>
  },
): Field<T> {
  const records = new Map<string, Field<object>>()
  const read = new Map<number, Field<object>>()
  for (const kind of Object.keys(variants) as T[Tag][]) {
    const its: object = variants[kind]
    const fields = 'write' in its ? (its as Field<object>) : record(its as Fields<object>, { [tag]: kind })
    records.set(kind, fields)
    read.set(numbers[kind], fields)
  }
  return {
    write: (w, value) => records.get(value[tag])!.write(w.byte(numbers[value[tag]]), value),
    read(r) {
      const fields = read.get(r.byte()) ?? wrong(`unknown ${tag}`)
      return fields.read(r) as T
    },
  }
}

/** `head`: what every one that is read has besides. */
export function record<T extends object>(fields: Fields<T>, head: object = {}): Field<T> {
  const names = Object.keys(fields)
  const parts = Object.values<Field<unknown>>(fields)
  // With all its fields from the start: adding them one by one is slow.
  const blank = { ...head, ...fields }
  return {
    write(w, value) {
      let [flags, bits] = [0, 0]
      for (let i = 0; i < parts.length; i++) {
        const part = value[names[i] as keyof T]
        if (parts[i] === flag) flags |= Number(part) << bits++
        else {
          if (bits > 0) w.byte(flags)
          flags = bits = 0
          parts[i]!.write(w, part)
        }
      }
      if (bits > 0) w.byte(flags)
    },
    read(r) {
      const made: Record<string, unknown> = { ...blank }
      let [flags, bits] = [0, 0]
      for (let i = 0; i < parts.length; i++) {
        const isFlag = parts[i] === flag
        if (isFlag && bits === 0) flags = r.byte()
        made[names[i]!] = isFlag ? ((flags >> bits) & 1) > 0 : parts[i]!.read(r)
        bits = isFlag ? bits + 1 : 0
      }
      return made as T
    },
  }
}

function wrong(why: string): never {
  throw new WireError(why)
}
