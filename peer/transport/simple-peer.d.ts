/**
 * The bundled build of simple-peer: the plain one asks for `global` and `process`, which a page does not have. Declared
 * is what the transport uses, connection and data channel included, which simple-peer keeps to itself but never renames.
 */
declare module 'simple-peer/simplepeer.min.js' {
  export interface Options {
    initiator: boolean
    config: RTCConfiguration
    wrtc?: unknown
  }

  export type Signal =
    | { type: 'offer' | 'answer'; sdp: string }
    | { type: 'candidate'; candidate: { candidate: string; sdpMLineIndex: number | null; sdpMid: string | null } }
    | { type: 'renegotiate' | 'transceiverRequest' }

  class SimplePeer {
    static readonly WEBRTC_SUPPORT: boolean
    readonly _channel: RTCDataChannel | null
    readonly _pc: RTCPeerConnection
    constructor(options: Options)
    signal(data: Signal): void
    send(bytes: Uint8Array): void
    destroy(): void
    getStats(done: (error: unknown, reports?: unknown[]) => void): void
    on(event: 'connect' | 'close', run: () => void): this
    on(event: 'signal', run: (data: Signal) => void): this
    on(event: 'data', run: (bytes: Uint8Array) => void): this
    on(event: 'error', run: (error: Error) => void): this
  }

  // biome-ignore lint/style/noDefaultExport: what it exports is not ours to choose.
  export default SimplePeer
}
