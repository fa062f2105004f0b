import type { Awareness } from 'y-protocols/awareness'
import { type ConnectOptions, type JoinOptions, type Peer, TuttiError } from '../index.ts'

interface OwnOptions {
  /** Default: a new one, for this document. */
  readonly awareness?: Awareness | undefined
  /** Whether to join at once. Default true. */
  readonly connect?: boolean | undefined
  /**
   * What a member does that reaches too few of the others. Default `fork`: it goes on, and merges when they are back. With
   * `block` it goes on for itself alone. The same at all members.
   */
  readonly onQuorumLoss?: JoinOptions['onQuorumLoss']
}

/** How to find the others: what `connect` of 'tutti' takes, or a peer that there is already and that stays open. */
export type ProviderOptions = OwnOptions &
  ((ConnectOptions & { readonly peer?: undefined | null }) | { readonly peer: Peer })

/** What a provider reads itself. Throws a TuttiError: `invalid-option`, `unsupported`. */
export function readOptions(
  roomName: unknown,
  options: ProviderOptions,
): { awareness: Awareness | undefined; startsAtOnce: boolean } {
  if (typeof roomName !== 'string' || roomName === '')
    throw invalid('the name of the room is to be a string, not empty')
  if (options === null || typeof options !== 'object') throw invalid(`options are missing: ${needed}`)
  for (const [name, hint] of Object.entries(elsewhere)) if (isGiven(options, name)) throw hint
  const { awareness, connect: startsAtOnce = true, peer } = options
  if (typeof startsAtOnce !== 'boolean') throw invalid('connect is to be true or false')
  if (peer === undefined || peer === null) {
    if (!isGiven(options, 'signaling')) throw invalid(`nothing says how to find the others: ${needed}`)
  } else {
    if (typeof peer?.join !== 'function') throw invalid("peer is to be a peer, made by `connect` of 'tutti'")
    const idle = Object.keys(connectOptions(options)).find((name) => isGiven(options, name))
    if (idle !== undefined) throw invalid(`${idle} belongs to the peer, which is given: name it where the peer is made`)
  }
  return { awareness: awareness ?? undefined, startsAtOnce }
}

/** What is for `connect` of 'tutti', which checks it. */
export function connectOptions(options: ProviderOptions): ConnectOptions {
  const { awareness, connect, onQuorumLoss, peer, ...rest } = options as OwnOptions &
    ConnectOptions & { peer?: unknown }
  return rest
}

const needed = 'give `signaling`, the address of a tutti signaling server, or `peer`'

/** Options of y-webrtc, and what there is in their place. */
const elsewhere: Readonly<Record<string, TuttiError>> = {
  password: new TuttiError('unsupported', 'password: end-to-end encryption is not built yet in this version of tutti'),
  peerOpts: invalid('peerOpts is not known here: give `iceServers` by themselves, and `wrtc` in Node'),
  maxConns: invalid(
    'maxConns is not known here: every member has a way to every other; `config.membersMax` bounds a group',
  ),
  filterBcConns: invalid('filterBcConns is not known here: tabs of one browser are peers like all others'),
}

function isGiven(options: object, name: string): boolean {
  const value = (options as Readonly<Record<string, unknown>>)[name]
  return value !== undefined && value !== null
}

function invalid(message: string): TuttiError {
  return new TuttiError('invalid-option', message)
}
