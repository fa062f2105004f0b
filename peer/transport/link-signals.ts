import { isCount, isRecord, isText } from './shapes.ts'

/** A path to a peer, as RTCIceCandidate writes it. */
export interface Candidate {
  readonly candidate: string
  readonly sdpMLineIndex: number | null
  readonly sdpMid: string | null
}

/**
 * What two ends of a link tell each other through the introducer. The end with the smaller id makes the offers and
 * numbers the connections: `epoch` counts up, and what belongs to an earlier one is stale. `please` comes from the
 * other end: it has no link and none under way, its last was of that epoch (0: there was none; above all that can be: none
 * that this page, which was kept aside and came back, still knows of).
 */
export type LinkSignal =
  | { readonly type: 'offer' | 'answer'; readonly epoch: number; readonly sdp: string }
  | { readonly type: 'candidate'; readonly epoch: number; readonly candidate: Candidate }
  | { readonly type: 'please'; readonly epoch: number }

/** Lengths in characters that no honest description or candidate comes near. */
const SDP_MAX = 64 * 1024
const CANDIDATE_MAX = 2 * 1024

/** The signal in what came from another peer, or undefined if it is none. Never throws. */
export function readLinkSignal(data: unknown): LinkSignal | undefined {
  if (!isRecord(data)) return undefined
  const { type, epoch, sdp } = data
  if (!isCount(epoch)) return undefined
  if (type === 'please') return { type, epoch }
  if (epoch === 0) return undefined
  if (type === 'offer' || type === 'answer') return isText(sdp, SDP_MAX) ? { type, epoch, sdp } : undefined
  if (type !== 'candidate') return undefined
  const candidate = readCandidate(data.candidate)
  return candidate && { type, epoch, candidate }
}

function readCandidate(data: unknown): Candidate | undefined {
  if (!isRecord(data)) return undefined
  const { candidate, sdpMLineIndex, sdpMid } = data
  if (!isText(candidate, CANDIDATE_MAX)) return undefined
  if (sdpMid !== null && !isText(sdpMid, CANDIDATE_MAX)) return undefined
  if (sdpMLineIndex !== null && !(isCount(sdpMLineIndex) && sdpMLineIndex < 65_536)) return undefined
  return { candidate, sdpMLineIndex, sdpMid }
}
