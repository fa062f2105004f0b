/** As much of a WebRTC implementation as makes offers; nothing ever connects. */
export class DeafConnection extends EventTarget {
  static all: DeafConnection[] = []
  closed = false
  localDescription: unknown = null
  remoteDescription: unknown = null
  iceConnectionState = 'new'
  iceGatheringState = 'new'
  signalingState = 'stable'

  constructor() {
    super()
    DeafConnection.all.push(this)
  }

  createDataChannel(label: string): object {
    return Object.assign(new EventTarget(), { label, bufferedAmount: 0, readyState: 'connecting', close: () => {} })
  }

  async createOffer(): Promise<object> {
    return { type: 'offer', sdp: 'v=0' }
  }

  async setLocalDescription(description: unknown): Promise<void> {
    this.localDescription = description
  }

  async setRemoteDescription(description: unknown): Promise<void> {
    this.remoteDescription = description
  }

  close(): void {
    this.closed = true
  }
}

export const deafWrtc = {
  RTCPeerConnection: DeafConnection,
  RTCSessionDescription: Object,
  RTCIceCandidate: Object,
}
