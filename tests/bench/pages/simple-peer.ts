import SimplePeer, { type Signal } from 'simple-peer/simplepeer.min.js'
import { drained, isFull, Mesh } from './mesh.ts'
import { heard, measure } from './meter.ts'

// simple-peer as most use it: one `send` a message.

const mesh = new Mesh<SimplePeer>((signal, initiator, opened) => {
  const peer = new SimplePeer({ initiator, config: { iceServers: [] } })
  peer.on('signal', signal)
  peer.on('data', heard)
  peer.on('connect', () => opened(peer))
  return { signal: (data) => peer.signal(data as Signal) }
})

measure({
  join: () => mesh.join(),
  async burst(count, message) {
    const channels = mesh.links.map((peer) => peer._channel!)
    for (let n = 0; n < count; n++) {
      for (const peer of mesh.links) peer.send(message)
      if (isFull(channels)) await drained(channels)
    }
  },
})

await mesh.ready()
