import { Reader, WireError, Writer } from './bytes.ts'

/** Which group, which attempt of the sender, which view: the same for many frames, and told when it changes. */
export interface FrameHeader {
  readonly group: number
  readonly attempt: number
  readonly lineageTag: number
  readonly number: number
}

/**
 * What travels on a link: `group number + 1, attempt, lineage tag, view number`, or `1` for those of the frame before it on this
 * link, then messages, each behind its length. Group number 0 is the link's own greeting, which tells nothing but its message;
 * others are numbers that the sender gave in its greetings.
 */
export interface Frame {
  /** undefined: that of the frame before. */
  readonly header?: FrameHeader
  readonly isGreeting?: boolean
  readonly messages: readonly Uint8Array[]
}

/** The most bytes that the header of a frame and one message's length take. */
export const FRAME_OVERHEAD_BYTES = 48

const GREETING = 0
const SAME_HEADER = 1

export function packFrame({ header, isGreeting, messages }: Frame): Uint8Array {
  let size = FRAME_OVERHEAD_BYTES
  for (const message of messages) size += message.length + 4
  const writer = new Writer(size)
  if (header === undefined) writer.byte(isGreeting ? GREETING : SAME_HEADER)
  else {
    const { group, attempt, lineageTag, number } = header
    writer
      .varint(group + 1)
      .varint(attempt)
      .uint32(lineageTag)
      .varint(number)
  }
  for (const message of messages) writer.bytes(message)
  return writer.finish()
}

/** The frame, its messages views into `bytes`; undefined for bytes that are no frame. */
export function unpackFrame(bytes: Uint8Array): Frame | undefined {
  try {
    const reader = new Reader(bytes)
    const first = reader.varint()
    const head =
      first === GREETING
        ? { isGreeting: true }
        : first === SAME_HEADER
          ? {}
          : {
              header: {
                group: first - 1,
                attempt: reader.varint(),
                lineageTag: reader.uint32(),
                number: reader.varint(),
              },
            }
    const messages: Uint8Array[] = []
    while (!reader.done) {
      const message = reader.bytes()
      if (message.length === 0) return undefined
      messages.push(message)
    }
    return messages.length === 0 ? undefined : { ...head, messages }
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
export const PROTOCOL_VERSION = 3

export function packGreeting(greeting: Greeting): Uint8Array {
  const writer = new Writer()
  writer.varint(greeting.version)
  writer.list(greeting.groups, (group) => writer.varint(group.number).text(group.name))
  return packFrame({ isGreeting: true, messages: [writer.finish()] })
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
