import type { Page } from 'playwright/test'
import { hostileText } from './support/hostile-text.ts'
import { expect, expectFit, size, test } from './support/social-test.ts'

// The roster, in tabs of a real browser.

test('shows the members by rank, who coordinates, who one is, who came and who went [FD3]', async ({ room }) => {
  const [ada, bo, cy] = await room.together('Ada', 'Bo', 'Cy')
  await expect.poll(() => rows(bo)).toEqual(['Ada coordinator', 'Bo you', 'Cy just came'])
  await expect.poll(() => rows(cy)).toEqual(['Ada coordinator', 'Bo', 'Cy you'])
  await cy.close()
  await expect.poll(() => size(bo)).toBe(2)
  await expect.poll(() => rows(ada)).toEqual(['Ada you · coordinator', 'Bo', 'Cy left'])
  await expect(ada.locator('#list [part=departed]')).toHaveCount(1)
  await ada.close()
  await expect.poll(() => rows(bo)).toEqual(['Bo you · coordinator', 'Ada left', 'Cy left'])
})

test('says who does not answer, and that they do again [FD1, FD2]', async ({ room }) => {
  await room.together('Ada', 'Bo')
  const cy = await room.open('Cy', { before: cutting })
  await expect.poll(() => size(cy)).toBe(3)
  await cy.evaluate('cutOff(true)')
  const silent = ['Ada does not answer · coordinator', 'Bo does not answer', 'Cy you · waiting']
  await expect.poll(() => rows(cy), wait).toEqual(silent)
  await cy.evaluate('cutOff(false)')
  await expect.poll(() => rows(cy), wait).toEqual(['Ada coordinator', 'Bo', 'Cy you'])
})

const wait = { timeout: 30_000 }

test('is a row of avatars in its compact form, with all that is known behind them', async ({ room }) => {
  const [ada] = await room.together('Ada', 'Bo', 'Cy')
  const row = ada.locator('#row')
  const members = row.getByRole('list', { name: 'Members, by rank' }).getByRole('listitem')
  await expect(members).toHaveCount(3)
  await expect(members.first()).toHaveAttribute('title', 'Ada, you, coordinator')
  await expect(members.first()).toContainText('you · coordinator')
  const boxes = await Promise.all([0, 1, 2].map((index) => members.nth(index).boundingBox()))
  expect(new Set(boxes.map((box) => box!.y)).size, 'in one row').toBe(1)
  await row.evaluate((roster) => roster.setAttribute('max', '2'))
  await expect(members).toHaveCount(2)
  await expect(row.locator('[part=more]')).toContainText('2 more')
  await expect(row.locator('[part=more]')).toHaveAttribute('title', /^Bo\nCy/)
})

test('takes what the page puts into it', async ({ room }) => {
  const [ada] = await room.together('Ada')
  await ada.evaluate(() => {
    document.querySelector('#list')!.innerHTML = '<button slot="end">Invite</button><p slot="empty">No one yet</p>'
  })
  await expect(ada.getByRole('button', { name: 'Invite' })).toBeVisible()
  await expect(ada.getByText('No one yet')).toBeHidden()
  await ada.evaluate(() => document.querySelector('tutti-group')!.host.leave())
  await expect(ada.getByText('No one yet')).toBeVisible()
})

test('shows names as text, cut with a mark', async ({ room }) => {
  const [ada] = await room.together('Ada', hostileText)
  const name = ada.locator('#list [part=name]').nth(1)
  await expect(name).toContainText('<img src=x')
  expect(await name.textContent()).toMatch(/^[^\p{Control}\u202E\u2066]{31}…$/u)
  await expect(ada).not.toHaveTitle('broken')
  const blank = await room.open('\u200B\u3164')
  await expect.poll(() => size(blank)).toBe(3)
  await expect(ada.locator('#list [part=name]').nth(2)).toHaveText('Someone')
})

test('looks right, wide and narrow, light and dark, from either side, and axe finds nothing', async ({
  room,
}, info) => {
  const [ada] = await room.together('Ada Lovelace', 'Bo', 'Cy', 'Dee')
  const [leaving] = ada.context().pages().slice(-1)
  await leaving!.close()
  await expect(ada.locator('#list [part=departed]')).toHaveCount(1)
  await expectFit(ada, (name) => info.outputPath(name))
})

/** What each row says, without its avatar. */
function rows(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelector('#list')!.shadowRoot!.querySelectorAll('li')].map((row) =>
      [...row.querySelectorAll('[part=name], [part=notes]')]
        .map(({ textContent }) => textContent)
        .join(' ')
        .trim(),
    ),
  )
}

/** Gives a page `cutOff`, which breaks its links to all others and lets no new one come up until it is taken back. */
function cutting(): void {
  const made: RTCPeerConnection[] = []
  let isCut = false
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options: ConstructorParameters<typeof RTCPeerConnection>) {
      super(...options)
      made.push(this)
    }
    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      return isCut ? new Promise(() => {}) : super.setRemoteDescription(description)
    }
  }
  const cutOff = (cut: boolean): void => {
    isCut = cut
    for (const connection of made.splice(0)) connection.close()
  }
  Object.assign(window, { cutOff })
}
