import { createTopicStrategy } from '@trystero-p2p/core'
import { HubClient } from './hub-client.ts'
import { asked, heard, measure, room as roomName, tabs } from './meter.ts'

// trystero, with a relay of our own: the hub.

const joinRoom = createTopicStrategy({
  init: () => HubClient.open(asked.get('hub')!),
  async subscribeTopic(hub: HubClient, topic, onMessage) {
    await hub.subscribe(topic, (data) => void onMessage(topic, data as string))
    return () => hub.unsubscribe(topic)
  },
  publishTopic: (hub: HubClient, topic, payload) => hub.publish(topic, payload),
})

let send: (message: Uint8Array) => Promise<void>

measure({
  async join() {
    const room = joinRoom({ appId: 'bench', rtcConfig: { iceServers: [] } }, roomName)
    const action = room.makeAction<Uint8Array>('message', { onMessage: heard })
    send = (message) => action.send(message)
    await new Promise<void>((resolve) => {
      room.onPeerJoin = () => {
        if (Object.keys(room.getPeers()).length === tabs - 1) resolve()
      }
    })
  },
  async burst(count, message) {
    for (let n = 0; n < count; n++) await send(message)
  },
})
