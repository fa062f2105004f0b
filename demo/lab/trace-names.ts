import type { MemberId, MessageId, TraceEvent } from '../../peer/index.ts'
import type { LabEventBody, Name } from './side.ts'

/** Who is who: the simulation's first peer is `p1`, people call it `a`. */
export class TraceNames {
  /** In the order in which they started, as the simulation counts them. */
  readonly #names: readonly Name[]
  readonly #textOf: (id: MessageId, replayOf?: MessageId) => string | undefined

  /** `textOf`: what a multicast says. */
  constructor(names: readonly Name[], textOf: (id: MessageId, replayOf?: MessageId) => string | undefined) {
    this.#names = names
    this.#textOf = textOf
  }

  /** A member that comes back is the same to people: `p3.2` is who `p3.1` was. */
  nameOf(member: MemberId): Name {
    return this.#names[Number(member.slice(1, member.lastIndexOf('.'))) - 1] ?? member
  }

  /** The member by its name: `c.2` for `p3.2`. */
  member(member: MemberId): MemberId {
    return `${this.nameOf(member)}${member.slice(member.lastIndexOf('.'))}` as MemberId
  }

  /** A line of the trace with people's names, and with what the multicast says. */
  renamed(event: TraceEvent): LabEventBody {
    const { t: _t, peer: _peer, group: _group, ...body } = event
    switch (body.event) {
      case 'install':
        return { ...body, members: body.members.map((member) => this.member(member)) }
      case 'multicast':
        return { ...body, ...this.#said(body.id, body.replayOf), id: this.#id(body.id) }
      case 'deliver': {
        const { id, from } = body
        return { ...body, ...this.#said(id), id: this.#id(id), from: this.member(from) }
      }
      case 'fate':
        return { ...body, id: this.#id(body.id) }
      case 'state-loaded':
        return { ...body, from: this.member(body.from) }
      case 'suspect':
        return { ...body, of: this.member(body.of) }
      default:
        return body
    }
  }

  #said(id: MessageId, replayOf?: MessageId): { value?: string } {
    const value = this.#textOf(id, replayOf)
    return value === undefined ? {} : { value }
  }

  #id(id: MessageId): MessageId {
    const [lineage, number, sender, seq] = id.split('/')
    return [lineage, number, this.member(sender as MemberId), seq].join('/') as MessageId
  }
}
