import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export interface Hub extends AsyncDisposable {
  readonly url: string
}

/**
 * Topics over WebSockets on loopback, by which every candidate but ours finds its other tabs: the protocol of y-webrtc's
 * signaling server, which trystero's own relay and the raw pages speak as well. What is published to a topic goes, as it
 * came, to all that subscribed to it.
 */
export async function openHub(host = '127.0.0.1'): Promise<Hub> {
  const server = new WebSocketServer({ host, port: 0 })
  const topics = new Map<string, Set<WebSocket>>()
  server.on('connection', (socket) => {
    socket.on('message', (data) => receive(topics, socket, `${data}`))
    socket.on('close', () => {
      for (const sockets of topics.values()) sockets.delete(socket)
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `ws://${host}:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface HubMessage {
  readonly type: string
  readonly topics?: readonly string[]
  readonly topic?: string
}

function receive(topics: Map<string, Set<WebSocket>>, socket: WebSocket, text: string): void {
  const { type, topics: named = [], topic = '' } = JSON.parse(text) as HubMessage
  if (type === 'subscribe') {
    for (const name of named) topics.set(name, (topics.get(name) ?? new Set()).add(socket))
    // Ours to wait for; the others pass over it.
    socket.send(JSON.stringify({ type: 'subscribed', topics: named }))
  }
  if (type === 'unsubscribe') for (const name of named) topics.get(name)?.delete(socket)
  if (type === 'publish') for (const receiver of topics.get(topic) ?? []) receiver.send(text)
  if (type === 'ping') socket.send('{"type":"pong"}')
}
