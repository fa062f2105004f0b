import { TuttiError } from '../base/errors.ts'
import { simplePeers } from './simple-peers.ts'
import { WebrtcLinks, type WebrtcLinksOptions, type WebrtcTransport } from './webrtc-links.ts'

export interface WebrtcOptions extends Omit<WebrtcLinksOptions, 'connect'> {
  /** Asked before each connection. Default: none, which is enough where the peers reach each other directly. */
  iceServers?(): readonly RTCIceServer[]
  /** A WebRTC implementation (`{ RTCPeerConnection, RTCSessionDescription, RTCIceCandidate }`), where the host has none. */
  readonly wrtc?: unknown
}

/**
 * Frames over WebRTC data channels, one connection a peer.
 * @throws TuttiError `unsupported` where there is no WebRTC, `invalid-option` if `wrtc` is no implementation of it.
 */
export function createWebrtcTransport(options: WebrtcOptions): WebrtcTransport {
  const { wrtc } = options
  checkWebrtc(wrtc)
  const connect = simplePeers(() => ({ iceServers: options.iceServers?.() ?? [], wrtc }))
  return new WebrtcLinks({ ...options, signal: (to, data) => options.signal(to, data), connect })
}

/** Throws where no connection can be made. */
export function checkWebrtc(wrtc: unknown): void {
  if (wrtc === undefined) {
    if (typeof globalThis.RTCPeerConnection === 'function') return
    throw new TuttiError(
      'unsupported',
      'there is no WebRTC here: outside of a browser, pass an implementation as `wrtc`',
    )
  }
  const { RTCPeerConnection: connection } = (wrtc ?? {}) as { RTCPeerConnection?: unknown }
  if (typeof connection === 'function') return
  throw new TuttiError('invalid-option', '`wrtc` has no RTCPeerConnection: pass the module of a WebRTC implementation')
}
