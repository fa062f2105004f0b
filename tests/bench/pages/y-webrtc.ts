import { WebrtcProvider } from 'y-webrtc'
import { Doc, type YArrayEvent } from 'yjs'
import { asked, heard, measure, place, room, tabs } from './meter.ts'

// A Yjs document over y-webrtc: each message is one element more of its sender's array.

const doc = new Doc()
for (let other = 0; other < tabs; other++) {
  if (other !== place) doc.getArray<Uint8Array>(`${other}`).observe(take)
}

measure({
  async join() {
    const config = { iceServers: [] }
    const provider = new WebrtcProvider(room, doc, { signaling: [asked.get('hub')!], peerOpts: { config } })
    const isWhole = (): boolean => {
      const connections = [...(provider.room?.webrtcConns.values() ?? [])]
      return connections.filter(({ connected }) => connected).length === tabs - 1
    }
    // No event tells it: 'peers' comes before the connections are open.
    while (!isWhole()) await new Promise((resolve) => setTimeout(resolve, 5))
  },
  async burst(count, message) {
    const array = doc.getArray<Uint8Array>(`${place}`)
    for (let n = 0; n < count; n++) array.push([message])
  },
})

function take({ changes }: YArrayEvent<Uint8Array>): void {
  for (const { insert } of changes.delta) for (const message of (insert ?? []) as Uint8Array[]) heard(message)
}
