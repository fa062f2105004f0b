import { elementsOf, makeManifest } from '../../demo/build/manifest.ts'
import { expect, test } from './support/site-test.ts'

// The gallery: each of its states is real, and comes about by itself.

test('shows every element, each in states that come about by themselves', async ({ page, site }) => {
  // Twenty members live in this one page, and some states take what a failure detector takes.
  test.setTimeout(150_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(`${site.address}gallery.html`)
  const tags = elementsOf(makeManifest()).map(({ tagName }) => tagName)
  for (const tag of tags) await expect(page.locator(`h2#${tag}`)).toHaveCount(1)
  const status = page.locator('section', { has: page.locator('#tutti-status') })
  const stateOf = (state: string) => status.locator(`[data-state="${state}"] tutti-status`)
  const told = {
    Together: '3 people here',
    'Alone, and empty': 'Only you, so far',
    Joining: 'out of reach',
    'Reached through another': 'You reach Bo through others',
    Blocked: '2 messages so far',
    'Coming back': 'You were cut off',
    'Gone on alone': 'You went on without the others',
    'Could not join': 'Could not join',
    'After leaving': 'You are no longer in the group',
    'Outside of a group': 'inside of a <tutti-group>',
  }
  for (const [state, text] of Object.entries(told))
    await expect(stateOf(state)).toContainText(text, { timeout: 60_000 })
  expect(errors).toEqual([])
})

test('what is done in one frame is seen in the other, and the HTML can be copied', async ({ page, context, site }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${site.address}gallery.html`)
  const chat = page.locator('section', { has: page.locator('#tutti-chat') }).locator('[data-state="Together"]')
  const [ada, bo] = [chat.locator('tutti-chat').first(), chat.locator('tutti-chat').last()]
  await expect(bo).toContainText('Noon is fine. <b>Bring the map.</b>')
  await ada.getByRole('textbox').fill('And a compass')
  await ada.getByRole('textbox').press('Enter')
  await expect(bo).toContainText('And a compass')
  await chat.getByRole('button', { name: 'Copy' }).click()
  await expect(chat.locator('.copy')).toHaveText('Copied')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain('<tutti-chat></tutti-chat>')
  expect(copied).toContain('<tutti-group')
})
