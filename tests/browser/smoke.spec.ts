import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type Page, test } from 'playwright/test'

// Says at once whether this machine and this browser can do what every other browser test builds on.

let server: Server
let address: string

test.beforeEach(async () => {
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>smoke</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})

test.afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('two pages of one browser connect a data channel', async ({ context }) => {
  const [caller, callee] = [await context.newPage(), await context.newPage()]
  await Promise.all([caller.goto(address), callee.goto(address)])
  const offer = await caller.evaluate(makeOffer)
  const answer = await callee.evaluate(makeAnswer, offer)
  await caller.evaluate(takeAnswer, answer)
  await expect.poll(() => heard(callee)).toBe('hello')
})

interface Smoke {
  connection: RTCPeerConnection
  heard?: string
}

declare global {
  interface Window {
    smoke: Smoke
  }
}

function heard(page: Page): Promise<string | undefined> {
  return page.evaluate(() => window.smoke.heard)
}

// Each of these runs in the page and therefore stands on its own.

async function makeOffer(): Promise<string> {
  const connection = new RTCPeerConnection()
  window.smoke = { connection }
  const channel = connection.createDataChannel('smoke')
  channel.onopen = () => channel.send('hello')
  await connection.setLocalDescription()
  await new Promise<void>((resolve) => {
    if (connection.iceGatheringState === 'complete') resolve()
    connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve()
  })
  return connection.localDescription!.sdp
}

async function makeAnswer(offer: string): Promise<string> {
  const connection = new RTCPeerConnection()
  window.smoke = { connection }
  connection.ondatachannel = ({ channel }) => {
    channel.onmessage = ({ data }) => {
      window.smoke.heard = data
    }
  }
  await connection.setRemoteDescription({ type: 'offer', sdp: offer })
  await connection.setLocalDescription()
  await new Promise<void>((resolve) => {
    if (connection.iceGatheringState === 'complete') resolve()
    connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve()
  })
  return connection.localDescription!.sdp
}

async function takeAnswer(answer: string): Promise<void> {
  await window.smoke.connection.setRemoteDescription({ type: 'answer', sdp: answer })
}
