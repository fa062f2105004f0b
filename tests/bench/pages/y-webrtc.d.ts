/** Its package has no types where its export map says; declared is what the page uses. */
declare module 'y-webrtc' {
  import type { Doc } from 'yjs'

  export class WebrtcProvider {
    readonly room: { readonly webrtcConns: ReadonlyMap<string, { readonly connected: boolean }> } | null
    constructor(
      room: string,
      doc: Doc,
      options: { readonly signaling: readonly string[]; readonly peerOpts: { readonly config: RTCConfiguration } },
    )
  }
}
