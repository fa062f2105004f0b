import { drained, isFull, type LinkEnd, Mesh } from './mesh.ts'
import { asked, heard, measure } from './meter.ts'

// Data channels of the browser's own, with messages packed by hand into frames of 16 KB: what an application gets that
// does everything itself.

const FRAME_BYTES = 16 * 1024
const BULK_BYTES = 64 * 1024
const HEAD_BYTES = 2

/** Whether each message is handed on as an Event with bytes of its own, as a library does whose listeners take one message each. */
const isEach = asked.get('events') === 'each'
const ear = new EventTarget()
ear.addEventListener('message', (event) => heard((event as Taken).value))

const mesh = new Mesh<RTCDataChannel>(connect)

measure({
  join: () => mesh.join(),

  async burst(count, message) {
    const packer = new Packer()
    for (let n = 0; n < count; n++) {
      if (packer.add(message)) continue
      sendAll(packer.take())
      if (isFull(mesh.links)) await drained(mesh.links)
      packer.add(message)
    }
    sendAll(packer.take())
  },

  say(message) {
    const packer = new Packer()
    packer.add(message)
    sendAll(packer.take())
  },

  async bulk(bytes) {
    const message = new Uint8Array(BULK_BYTES - HEAD_BYTES)
    for (let sent = 0; sent < bytes; sent += message.length) {
      const part = message.subarray(0, Math.min(message.length, bytes - sent))
      const frame = new Uint8Array(HEAD_BYTES + part.length)
      write(frame, 0, part)
      sendAll(frame)
      if (isFull(mesh.links)) await drained(mesh.links)
    }
  },
})

await mesh.ready()

/** One frame in the making. */
class Packer {
  readonly #frame = new Uint8Array(FRAME_BYTES)
  #bytes = 0

  /** False if it has no room. */
  add(message: Uint8Array): boolean {
    if (this.#bytes + HEAD_BYTES + message.length > FRAME_BYTES) return false
    this.#bytes = write(this.#frame, this.#bytes, message)
    return true
  }

  /** To be sent before the next is added: the memory is used again. */
  take(): Uint8Array<ArrayBuffer> {
    const frame = this.#frame.subarray(0, this.#bytes)
    this.#bytes = 0
    return frame
  }
}

function write(frame: Uint8Array, at: number, message: Uint8Array): number {
  frame[at] = message.length >> 8
  frame[at + 1] = message.length & 255
  frame.set(message, at + HEAD_BYTES)
  return at + HEAD_BYTES + message.length
}

function sendAll(frame: Uint8Array<ArrayBuffer>): void {
  for (const channel of mesh.links) channel.send(frame)
}

function receive({ data }: MessageEvent<ArrayBuffer>): void {
  const frame = new Uint8Array(data)
  for (let at = 0; at < frame.length; ) {
    const end = at + HEAD_BYTES + ((frame[at]! << 8) | frame[at + 1]!)
    if (isEach) ear.dispatchEvent(new Taken(frame.slice(at + HEAD_BYTES, end)))
    else heard(frame.subarray(at + HEAD_BYTES, end))
    at = end
  }
}

class Taken extends Event {
  readonly value: Uint8Array

  constructor(value: Uint8Array) {
    super('message')
    this.value = value
  }
}

type Signal = RTCSessionDescriptionInit | RTCIceCandidateInit

function connect(
  signal: (data: unknown) => void,
  isInitiator: boolean,
  opened: (channel: RTCDataChannel) => void,
): LinkEnd {
  const connection = new RTCPeerConnection()
  const take = (channel: RTCDataChannel): void => {
    channel.binaryType = 'arraybuffer'
    channel.addEventListener('message', receive)
    channel.addEventListener('open', () => opened(channel))
  }
  const describe = async (): Promise<void> => {
    await connection.setLocalDescription()
    signal(connection.localDescription)
  }
  connection.addEventListener('icecandidate', ({ candidate }) => candidate && signal(candidate))
  connection.addEventListener('datachannel', ({ channel }) => take(channel))
  if (isInitiator) {
    take(connection.createDataChannel('raw'))
    void describe()
  }
  const apply = async (data: Signal): Promise<void> => {
    if (!('type' in data)) return connection.addIceCandidate(data)
    await connection.setRemoteDescription(data)
    if (data.type === 'offer') await describe()
  }
  // One after the other: a candidate is of use only once its description is set.
  let last = Promise.resolve()
  return {
    signal(data) {
      last = last.then(() => apply(data as Signal))
    },
  }
}
