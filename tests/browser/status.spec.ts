import { createSignalingServer } from '../../signaling/index.ts'
import { expect, size, statusLine, test } from './support/social-test.ts'

// What the status line tells a visitor, in tabs of a real browser. Torn groups: demo-faults.spec.ts.

test('says how many are here, and that one has left, and joins again', async ({ room }) => {
  const ada = await room.open('Ada')
  await expect(statusLine(ada)).toHaveText('Only you, so far')
  const bo = await room.open('Bo')
  await expect(statusLine(ada)).toHaveText('2 people here')
  await bo.evaluate(() => document.querySelector('tutti-group')!.host.leave())
  await expect(statusLine(bo)).toHaveText('You are no longer in the group.')
  await expect(statusLine(ada)).toHaveText('Only you, so far')
  await bo.getByRole('button', { name: 'Join again' }).press('Enter')
  await expect(statusLine(bo)).toHaveText('2 people here')
})

test('joins again from a tree within the group, too', async ({ room }) => {
  const page = await room.open('Ada')
  await expect(statusLine(page)).toHaveText('Only you, so far')
  await page.evaluate(() => {
    const inner = document.createElement('div')
    inner.attachShadow({ mode: 'open' }).append(document.querySelector('tutti-status')!)
    document.querySelector('tutti-group')!.append(inner)
    return document.querySelector('tutti-group')!.host.leave()
  })
  await page.getByRole('button', { name: 'Join again' }).click()
  await expect(statusLine(page)).toHaveText('Only you, so far')
})

test('says that the server is out of reach, and that members need it not', async ({ room }) => {
  const server = await createSignalingServer({ port: 0, host: '127.0.0.1', bootGraceMs: 0 })
  const signaling = `http://127.0.0.1:${server.port}`
  const ada = await room.open('Ada', { signaling })
  const bo = await room.open('Bo', { signaling })
  await expect(statusLine(ada)).toHaveText('2 people here')
  await server.close()
  for (const page of [ada, bo]) {
    await expect(statusLine(page)).toHaveText('2 people here. The server is out of reach, the group goes on.')
  }
  const late = await room.open('Late', { signaling })
  await expect(statusLine(late)).toHaveText('The server is out of reach. Trying again …')
  await late.context().setOffline(true)
  await expect(statusLine(late)).toHaveText('You are offline. Waiting for the network …')
  await late.context().setOffline(false)
})

test('says that the browser has no WebRTC, and what to do', async ({ room }) => {
  const page = await room.open('Ada', { before: () => Reflect.deleteProperty(window, 'RTCPeerConnection') })
  await expect(statusLine(page)).toHaveText(
    'Could not join. This browser has no WebRTC, or it is switched off: people are connected by it. Try another browser.',
  )
  await expect(page.getByRole('button', { name: 'Join again' })).toHaveCount(0)
  await expect(page.locator('tutti-chat input')).toBeDisabled()
})

test('tabs meet without a server, and one that can not is told why', async ({ room }) => {
  const ada = await room.open('Ada', { signaling: 'local:' })
  await expect(statusLine(ada)).toHaveText('Only you, so far')
  const bo = await room.open('Bo', { signaling: 'local:' })
  await expect(statusLine(ada)).toHaveText('2 people here')
  const other = await room.open('Cy', { signaling: 'local:elsewhere' })
  await expect(statusLine(other)).toHaveText('Only you, so far')
  await bo.locator('tutti-chat input').fill('no server')
  await bo.locator('tutti-chat input').press('Enter')
  await expect(ada.locator('tutti-chat [part=line]')).toContainText('no server')
  const unable = await room.open('Dee', {
    signaling: 'local:',
    before: () => Reflect.deleteProperty(window, 'BroadcastChannel'),
  })
  await expect(statusLine(unable)).toHaveText(
    'Could not join. Tabs can meet without a server only on a page served by https or from localhost.',
  )
})

test('says that the name of the room is too long, and outside of a group that it is', async ({ room }) => {
  const page = await room.open('Ada')
  await expect.poll(() => size(page)).toBe(1)
  const told = page.evaluate(
    () =>
      new Promise((resolve) => {
        const group = document.querySelector('tutti-group')!
        group.addEventListener('tutti-error', (event) => resolve(String(event.detail.error)), { once: true })
      }),
  )
  await page.evaluate(() => {
    document.querySelector('tutti-group')!.room = '<b>'.repeat(5_000)
  })
  await expect(statusLine(page)).toHaveText('Could not join. The name of the room is too long.')
  expect(await told).toContain('at most 128 are allowed')
  await page.evaluate(() => document.body.append(document.querySelector('tutti-status')!))
  await expect(page.locator('tutti-status')).toHaveText('<tutti-status> works inside of a <tutti-group>: put it there.')
})

test('a page may hand on what connect takes', async ({ room }) => {
  const page = await room.open('Ada')
  const traced = await page.evaluate(async () => {
    const group = document.querySelector('tutti-group')!
    const lines: string[] = []
    group.options = { trace: ({ event }) => lines.push(event), name: 'Nobody', metadata: { team: 'red' } }
    const joined = new Promise((resolve) => group.addEventListener('tutti-joined', resolve, { once: true }))
    group.rejoin()
    await joined
    return { lines, name: group.group!.self.name, metadata: group.group!.self.metadata, peer: group.host.peer!.id }
  })
  expect(traced).toMatchObject({ name: 'Ada', metadata: { team: 'red' }, peer: expect.any(String) })
  expect(traced.lines).toContain('install')
})

test('an element finds a group that comes alive after it', async ({ room }) => {
  const page = await room.open('Ada', { before: () => Object.assign(window, { groupComesLast: true }) })
  await expect(statusLine(page)).toHaveText('Only you, so far')
  await expect(page.locator('tutti-status [part=outside]')).toHaveCount(0)
})
