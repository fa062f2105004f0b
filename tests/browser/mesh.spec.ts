import type { Page } from 'playwright/test'
import type { TuttiGroup, TuttiMesh } from '../../ui/index.ts'
import { expect, openHood, size, test } from './support/demo-test.ts'
import { hostileText } from './support/hostile-text.ts'

// <tutti-mesh> in tabs of a real browser, as the demo has it.

test('the mesh has a line for each way, the others among themselves, and says the same in a table', async ({
  room,
}) => {
  const [ada, bo] = (await room.together(3)) as [Page, Page]
  const panel = await openHood(ada, 'Mesh')
  await expect.poll(async () => (await mesh(ada)).own.map(({ way }) => way)).toEqual(['direct', 'direct'])
  await expect.poll(async () => (await mesh(ada)).own.every(({ roundTripMs }) => roundTripMs! > 0)).toBe(true)
  expect((await mesh(ada)).others).toMatchObject([{ from: 1, to: 2, way: 'direct' }])
  await expect(panel.locator('[part=picture] path.own')).toHaveCount(2)
  await expect(panel.getByRole('row')).toHaveCount(4)
  await expect(panel.locator('[part=picture]')).toHaveAttribute('aria-hidden', 'true')

  await bo.close()
  await expect.poll(() => size(ada)).toBe(2)
  await expect(panel.locator('[part=picture] path.own')).toHaveCount(1)
})

test('one who is alone has nobody to be linked to, and a name is text', async ({ room }) => {
  const [ada] = (await room.together(1)) as [Page]
  const panel = await openHood(ada, 'Mesh')
  await expect(panel).toContainText('Only you are here')
  const bo = await room.open()
  await expect.poll(() => size(ada)).toBe(2)
  await bo.evaluate((name) => {
    document.querySelector<TuttiGroup>('tutti-group')!.name = name
  }, hostileText)
  await expect(panel.locator('[part=picture]')).toContainText('<img src=x')
  await expect(ada).not.toHaveTitle('broken')
  await expect(panel.locator('img')).toHaveCount(0)
})

function mesh(page: Page): Promise<TuttiMesh['mesh']> {
  return page.locator('tutti-mesh').evaluate((element) => (element as TuttiMesh).mesh)
}
