import { Reader, WireError, Writer } from './bytes.ts'

/**
 * What travels on a link: `group number, attempt, lineage tag, view number`, then messages, each behind its length.
 * Group number 0 is the link's own greeting; others are numbers that the sender gave in its greetings.
 */
export interface Frame {
  readonly group: number
  readonly attempt: number
  readonly lineageTag: number
  readonly number: number
  readonly messages: readonly Uint8Array[]
}

/** The most bytes that the header of a frame and one message's length take. */
export const FRAME_OVERHEAD_BYTES = 48

export function packFrame(frame: Frame): Uint8Array {
  let size = FRAME_OVERHEAD_BYTES
  for (const message of frame.messages) size += message.length + 4
  const writer = new Writer(size)
  writer.varint(frame.group).varint(frame.attempt).uint32(frame.lineageTag).varint(frame.number)
  for (const message of frame.messages) writer.bytes(message)
  return writer.finish()
}

/** The frame, its messages views into `bytes`; undefined for bytes that are no frame. */
export function unpackFrame(bytes: Uint8Array): Frame | undefined {
  try {
    const reader = new Reader(bytes)
    const header = {
      group: reader.varint(),
      attempt: reader.varint(),
      lineageTag: reader.uint32(),
      number: reader.varint(),
    }
    const messages: Uint8Array[] = []
    while (!reader.done) {
      const message = reader.bytes()
      if (message.length === 0) return undefined
      messages.push(message)
    }
    return messages.length === 0 ? undefined : { ...header, messages }
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

/** The first message on a link, and again whenever a group is joined: which groups the numbers mean. */
export interface Greeting {
  readonly version: number
  readonly groups: readonly { readonly number: number; readonly name: string }[]
}

/** Version of the wire format. Peers of another version are told apart and left alone. */
export const PROTOCOL_VERSION = 2

export function packGreeting(greeting: Greeting): Uint8Array {
  const writer = new Writer()
  writer.varint(greeting.version)
  writer.list(greeting.groups, (group) => writer.varint(group.number).text(group.name))
  return packFrame({ group: 0, attempt: 0, lineageTag: 0, number: 0, messages: [writer.finish()] })
}

export function unpackGreeting(message: Uint8Array): Greeting | undefined {
  try {
    const reader = new Reader(message)
    const version = reader.varint()
    // A later version may greet in another form: its number alone is read.
    if (version !== PROTOCOL_VERSION) return { version, groups: [] }
    const groups = reader.list(() => ({ number: reader.varint(), name: reader.text() }))
    reader.end()
    return { version, groups }
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}
