import type { PeerId } from '../../peer/base/ids.ts'
import { watchPageLife } from '../../peer/transport/page-life.ts'
import { createWebrtcTransport } from '../../peer/transport/webrtc.ts'
import type { WebrtcTransport } from '../../peer/transport/webrtc-links.ts'
import { CallWatch, numbered, Station } from '../contract/station.ts'
import { transportContract } from '../contract/transport-contract.ts'
import { runWebrtcCase, webrtcContract } from '../contract/webrtc-contract.ts'

/** What the tests do in a page. */
const lab = {
  /** The most that any data channel of the page had buffered after a send. */
  bufferedBytesMax: 0,
  connections: [] as RTCPeerConnection[],

  /** Runs one case of the contracts, all of its peers in this page. */
  async run(title: string): Promise<void> {
    const one = [...transportContract, ...webrtcContract].find((candidate) => candidate.title === title)
    if (one === undefined) throw new Error(`there is no case named: ${title}`)
    await runWebrtcCase(one, (self, introducer, times) =>
      createWebrtcTransport({
        self,
        signal: (to, data) => introducer.carry(self, to, data),
        ...(times === undefined ? {} : { times }),
      }),
    )
  },

  /** Makes this page one peer; its signals go out by `window.relay` and come in by `lab.take`. */
  start(id: string): void {
    const self = id as PeerId
    const transport = createWebrtcTransport({ self, signal: (to, data) => void window.relay(self, to, data) })
    const station = new Station(self, transport, new CallWatch())
    lab.station = station
    watchPageLife({
      hidden() {
        for (const { peer } of transport.links()) transport.send(peer, numbered(4_711, 300))
        transport.close()
      },
      restored: () => {},
    })
  },
  station: undefined as Station<WebrtcTransport> | undefined,
  want: (peer: string) => lab.station?.transport.want(peer as PeerId),
  send: (peer: string, bytes: number[]) => lab.station?.transport.send(peer as PeerId, Uint8Array.from(bytes)),
  take: (from: string, data: unknown) => lab.station?.transport.signal(from as PeerId, data),
  /** What was heard: of frames their lengths. */
  heard: () => lab.station?.heard.map((one) => (one.type === 'frame' ? one.frame.length : one.type)) ?? [],
}

declare global {
  interface Window {
    lab: typeof lab
    relay(from: string, to: string, data: unknown): Promise<void>
  }
}

const nativeSend = RTCDataChannel.prototype.send
RTCDataChannel.prototype.send = function (this: RTCDataChannel, bytes: never) {
  nativeSend.call(this, bytes)
  lab.bufferedBytesMax = Math.max(lab.bufferedBytesMax, this.bufferedAmount)
}

const NativeConnection = globalThis.RTCPeerConnection
globalThis.RTCPeerConnection = class extends NativeConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration)
    lab.connections.push(this)
  }
}

window.lab = lab
