import { pathToFileURL } from 'node:url'
import { docsSights } from './support/all-pages.ts'
import { expect, test } from './support/site-test.ts'

// The documentation as it is built.

test('every page is there, fits a phone, and leads to the others', async ({ page, site }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('requestfailed', (request) => errors.push(request.url()))
  for (const { path } of docsSights(site)) {
    const answer = await page.goto(`${site.address}${path}`)
    expect(answer?.status(), path).toBe(200)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390)
  }
  expect(errors).toEqual([])
})

test('it is read from the file system as well', async ({ page, site }) => {
  await page.goto(pathToFileURL(`${site.folder}/docs/index.html`).href)
  await page.getByRole('link', { name: 'What is promised' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What is promised')
  await expect(page.getByRole('img')).not.toHaveCount(0)
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe('rgba(0, 0, 0, 0)')
})

test('code can be copied, and one sees where one is', async ({ page, context, site }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${site.address}docs/start.html`)
  const code = page.locator('.code', { hasText: 'npx tutti signaling' })
  await code.hover()
  await code.getByRole('button', { name: 'Copy' }).click()
  await expect(code.getByRole('button')).toHaveText('Copied')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('npx tutti signaling --port 8080')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(`${site.address}docs/faults.html#blocked`)
  await expect(page.getByRole('navigation', { name: 'On this page' }).locator('[aria-current]')).toHaveText('Blocked')
  await expect(page.getByRole('navigation', { name: 'Contents' }).locator('[aria-current]')).toHaveText(
    'When things go wrong',
  )
})
