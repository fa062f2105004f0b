import { isFork } from '../base/ancestry.ts'
import { TuttiError } from '../base/errors.ts'
import type { MemberRecord, ViewRecord } from '../base/view.ts'
import { defaultCodec } from './codec.ts'
import type { Json, Member, View } from './types.ts'

/**
 * A member's name and metadata as the bytes that the others get. Throws a TuttiError: `not-encodable`, or `too-large`
 * when they are more than `bytesMax`.
 */
export function encodeInfo(name: string, metadata: Json, bytesMax: number): Uint8Array {
  const info = defaultCodec.encode([name, metadata])
  if (info.length > bytesMax) {
    const size = `${info.length} bytes, encoded; memberInfoBytesMax is ${bytesMax}`
    throw new TuttiError('too-large', `the name and metadata of this peer are ${size}`)
  }
  return info
}

/** The member as applications see it. Bytes that are no name and metadata show as a member without them. */
export function memberOf(record: MemberRecord, rank: number): Member {
  const [name, metadata] = decodeInfo(record.info)
  return Object.freeze({ id: record.id, name, metadata, rank })
}

/** The member in a view that is shown already, if it is in it. */
export function memberIn(view: View | undefined, { id }: Pick<MemberRecord, 'id'>): Member | undefined {
  return view?.members.find((member) => member.id === id)
}

/** The view as applications see it. */
export function viewOf(record: ViewRecord): View {
  const members = Object.freeze(record.members.map(memberOf))
  return Object.freeze({ lineage: record.lineage, number: record.number, members, primary: !isFork(record.lineage) })
}

function decodeInfo(info: Uint8Array): [name: string, metadata: Json] {
  try {
    const decoded = defaultCodec.decode(info)
    if (!Array.isArray(decoded)) return ['', null]
    const [name, metadata] = decoded
    return [typeof name === 'string' ? name : '', (metadata ?? null) as Json]
  } catch {
    return ['', null]
  }
}
