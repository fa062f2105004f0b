import type { Page } from 'playwright/test'
import type { TuttiGroup } from '../../ui/index.ts'
import { expect, nameIn, openHood, say, size, statusOf, test } from './support/demo-test.ts'

// What is under the hood of the demo, and the harm that can be done there, in tabs of a real browser.

test('the hood is opened, walked through and closed by keyboard, and stays as it was left', async ({ room }) => {
  const [page] = (await room.together(2)) as [Page]
  const button = page.getByRole('button', { name: 'Under the hood' })
  await expect(button).toHaveAttribute('aria-expanded', 'false')
  await button.press('Enter')
  await expect(page.getByRole('tabpanel', { name: 'Space-time' })).toBeVisible()
  await page.getByRole('tab', { name: 'Space-time' }).focus()
  for (const picture of ['Mesh', 'Figures', 'Views', 'Space-time', 'Mesh']) {
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('tab', { name: picture })).toBeFocused()
    await expect(page.getByRole('tabpanel')).toHaveCount(1)
  }
  await expect(page.getByRole('tabpanel', { name: 'Mesh' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('tabpanel', { name: 'Space-time' })).toBeVisible()
  await button.press('Enter')
  await expect(page.getByRole('tabpanel', { name: 'Space-time' })).toBeHidden()
})

test('figures and views follow what happens', async ({ room }) => {
  const [ada, bo] = (await room.together(2)) as [Page, Page]
  const figures = await openHood(ada, 'Figures')
  const row = figures.getByRole('row', { name: await nameIn(bo) })
  const before = Number(await row.getByRole('cell').nth(2).textContent())
  for (const word of ['one', 'two', 'three']) await say(bo, word)
  await expect.poll(async () => Number(await row.getByRole('cell').nth(2).textContent())).toBeGreaterThan(before + 2)
  await expect(row.getByRole('cell').nth(3)).not.toHaveText('0.0')
  await bo.close()
  await expect.poll(() => size(ada)).toBe(1)
  const views = await openHood(ada, 'Views')
  await expect(views.getByRole('listitem').first()).toContainText('1 member: −')
})

test('a link that is cut is routed around, and mended [FD2]', async ({ room }) => {
  const [ada, bo] = (await room.together(3)) as [Page, Page]
  const mesh = await openHood(ada, 'Mesh')
  const name = await nameIn(bo)
  const way = mesh.getByRole('row', { name: `You ${name}` })
  await expect(way).toContainText('direct', wait)
  await ada.getByLabel('The link to').selectOption({ label: name })
  await ada.getByRole('button', { name: 'Cut the link' }).press('Enter')
  await expect(ada.getByRole('button', { name: 'Mend the link' })).toBeFocused()
  await expect(way).toContainText('through', wait)
  await expect(statusOf(ada)).toContainText(`You reach ${name} through others.`)
  await say(ada, 'Around the corner')
  await expect(bo.locator('tutti-chat [part=log]')).toContainText('Around the corner', wait)
  await ada.getByRole('button', { name: 'Mend the link' }).press('Enter')
  await expect(way).toContainText('direct', wait)
  expect(await size(ada)).toBe(3)
})

test('a member that is delayed is late for this tab, and in time again', async ({ room }) => {
  const [ada, bo] = (await room.together(2)) as [Page, Page]
  await openHood(ada, 'Mesh')
  await ada.getByRole('button', { name: 'Delay by half a second' }).click()
  const said = Date.now()
  await say(ada, 'Is it late?')
  await expect(bo.locator('tutti-chat [part=log]')).toContainText('Is it late?')
  expect(Date.now() - said).toBeGreaterThan(450)
  await expect.poll(() => roundTripMs(ada), wait).toBeGreaterThan(900)
  await ada.getByRole('button', { name: 'End the delay' }).click()
  await expect(ada.getByRole('button', { name: 'Delay by half a second' })).toBeVisible()
})

test('a tab that crashes is missed and comes back; one that leaves is gone at once [FD3]', async ({ room }) => {
  const [ada, bo] = (await room.together(2)) as [Page, Page]
  await say(ada, 'I shall be back')
  await openHood(ada, 'Views')
  await ada.getByRole('button', { name: 'Crash this tab' }).click()
  await expect(statusOf(ada)).toContainText('no longer in the group')
  await expect.poll(() => size(bo), wait).toBe(1)
  await expect(bo.locator('tutti-roster')).toContainText('out of reach')
  await say(bo, 'We wait')
  const back = ada.locator('demo-harm').getByRole('button', { name: 'Join again' })
  await expect(back).toBeFocused()
  await back.press('Enter')
  await expect.poll(() => size(bo), wait).toBe(2)
  await expect(ada.locator('tutti-chat [part=log]')).toContainText('We wait')
  await expect(ada.locator('tutti-chat [part=log]')).toContainText('I shall be back')

  await ada.getByRole('button', { name: 'Leave', exact: true }).click()
  await expect.poll(() => size(bo)).toBe(1)
  await expect(bo.locator('tutti-roster')).toContainText('left')
})

const wait = { timeout: 20_000 }

function roundTripMs(page: Page): Promise<number> {
  return page.evaluate(() => {
    const link = document.querySelector<TuttiGroup>('tutti-group')!.host.peer!.links[0]
    return link?.roundTripMs ?? 0
  })
}
