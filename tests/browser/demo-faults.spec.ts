import type { Page } from 'playwright/test'
import type { TuttiGroup } from '../../ui/index.ts'
import { expect, openHood, say, statusOf as status, test } from './support/demo-test.ts'

// What a visitor of the demo is told when links break, in tabs of a real browser.

test('a page that is cut off says so, goes on alone, and is put together with the others again [PT2, PT3, PT4]', async ({
  context,
  room,
}, info) => {
  await context.addInitScript({ content: cutting })
  const [ada, , cleo] = (await room.together(3)) as [Page, Page, Page]
  const shoot = async (name: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await cleo.emulateMedia({ colorScheme })
      await cleo.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`), animations: 'disabled' })
    }
  }
  await cleo.bringToFront()
  await cleo.evaluate('cutOff(true)')
  await expect(status(cleo)).toHaveText('Too many people are out of reach to go on. What you write waits.', wait)
  await expect(cleo.locator('tutti-roster')).toContainText('does not answer')
  await say(cleo, 'Is anyone there?')
  await expect(status(cleo)).toContainText('1 message so far', wait)
  await shoot('blocked')

  await cleo.getByRole('button', { name: 'Go on without them' }).press('Enter')
  await expect(status(cleo)).toContainText('Only you here. You went on without the others', wait)
  await expect(cleo.locator('tutti-chat [part=log]')).toContainText('Is anyone there?')
  await expect(status(ada)).toHaveText('2 people here', wait)
  await expect(ada.locator('tutti-roster')).toContainText('out of reach')
  await say(ada, 'We go on.')
  await shoot('forked')

  await cleo.evaluate('cutOff(false)')
  await expect(status(cleo)).toContainText('3 people here. Back together with the others. 1 message', wait)
  await shoot('merged')
  for (const page of [ada, cleo]) {
    await expect(page.locator('tutti-chat [part=log]')).toContainText('Is anyone there?', wait)
    await expect(page.locator('tutti-chat [part=log]')).toContainText('We go on.')
    await expect(page.locator('tutti-roster [part=member]')).toHaveCount(3)
  }
})

test('a tab that freezes for ten seconds is waited for, and has then all that it missed [FD1]', async ({ room }) => {
  const [ada, bo] = (await room.together(2)) as [Page, Page]
  await ada.bringToFront()
  await openHood(ada, 'Views')
  const { number } = await viewOf(bo)
  const frozen = Date.now()
  await ada.getByRole('button', { name: 'Freeze this tab for ten seconds' }).click()
  await say(bo, 'Are you still there?')
  await expect(ada.locator('tutti-chat [part=log]')).toContainText('Are you still there?', wait)
  expect(Date.now() - frozen).toBeGreaterThan(10_000)
  expect(await viewOf(bo)).toEqual({ number, members: 2 })
})

const wait = { timeout: 30_000 }

/** Gives a page `cutOff`, which breaks its links to all others and lets no new one come up until it is taken back. */
const cutting = `
  const made = []
  let isCut = false
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options)
      made.push(this)
    }
    setRemoteDescription(...description) {
      return isCut ? new Promise(() => {}) : super.setRemoteDescription(...description)
    }
  }
  window.cutOff = (cut) => {
    isCut = cut
    for (const connection of made.splice(0)) connection.close()
  }
`

function viewOf(page: Page): Promise<{ number: number; members: number }> {
  return page.evaluate(() => {
    const { number, members } = document.querySelector<TuttiGroup>('tutti-group')!.group!.view
    return { number, members: members.length }
  })
}
