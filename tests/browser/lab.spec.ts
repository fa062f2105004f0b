import axe from 'axe-core'
import type { Page } from 'playwright/test'
import { addressOf } from '../../demo/lab/address.ts'
import { scenarios } from '../../demo/lab/scenarios.ts'
import { expect, test } from './support/site-test.ts'

// The lab as it is built, in a real tab.

test('the table of contents leads to every scenario, at /lab too', async ({ page, site }) => {
  const errors = collectErrors(page)
  await page.goto(`${site.address}lab`)
  await expect(page.locator('.contents li a')).toHaveCount(scenarios.length + 1)
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: scenarios[0]!.title }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(scenarios[0]!.title)
  await expect(page.locator('tutti-spacetime')).toHaveCount(2)
  expect(errors).toEqual([])
})

test('every scenario ends on its page as it does in its test', async ({ page, site }) => {
  const errors = collectErrors(page)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const scenario of scenarios) {
    await page.goto(`${site.address}lab/${addressOf(scenario.name)}`)
    const verdicts = page.locator('.verdict')
    await expect(verdicts).toHaveCount(scenario.sides.length)
    for (const [index, side] of scenario.sides.entries()) {
      await expect(verdicts.nth(index)).toHaveClass(side.expected === 'fine' ? /good/ : /bad/)
    }
  }
  expect(errors).toEqual([])
})

const looks = [
  { width: 1440, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const

for (const { width, colorScheme } of looks) {
  test(`pages at ${width} px, ${colorScheme}, have nothing against them and nothing sticks out`, async ({
    page,
    site,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    for (const name of ['coordinator', 'replies', 'own']) {
      await page.goto(`${site.address}lab/${addressOf(name)}`)
      await expect(page.locator('.verdict.good').first()).toBeVisible()
      expect(await violations(page), name).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBe(0)
    }
  })
}

test('plays by itself, is paused, stepped and taken back', async ({ page, site }) => {
  await page.goto(`${site.address}lab/${addressOf('causal')}`)
  await expect.poll(() => timeOf(page)).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Pause' }).first().click()
  const paused = await timeOf(page)
  await page.getByRole('button', { name: 'Step' }).click()
  expect(await timeOf(page)).toBeGreaterThan(paused)
  await page.getByRole('button', { name: 'Link of a and b: a click cuts it' }).click()
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Restart' }).click()
  await page.getByLabel('Time of the run').fill('800')
  await expect(page.locator('.verdict.bad')).toContainText('before the question')
  await page.getByLabel('Time of the run').fill('20')
  await expect(page.locator('.verdict.bad')).toHaveCount(0)
  await page.getByLabel('Seed').fill('9')
  await page.getByLabel('Seed').press('Enter')
  await expect(page).toHaveURL(/seed=9/)
})

test('members and links are hit by keyboard, and the run goes on as a script of one’s own', async ({ page, site }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(`${site.address}lab/${addressOf('reliable')}`)
  await page.getByLabel('Time of the run').fill('250')
  await page.getByRole('button', { name: 'Link of a and b: a click cuts it' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Link of a and b, cut: a click mends it' })).toBeVisible()
  await page.getByRole('button', { name: 'd: a click crashes it' }).press('Enter')
  const gone = page.getByRole('button', { name: 'd is gone' })
  await expect(gone).toBeDisabled()
  await expect(gone).toBeFocused()
  await page.getByLabel('A click on a member').selectOption('abcast')
  await page.getByRole('button', { name: 'b: a click lets it abcast' }).press('Enter')
  await page.getByText('The script of this run').click()
  await page.getByRole('link', { name: 'Go on from here' }).click()
  const script = page.getByLabel('The script')
  await expect(script).toHaveValue(/crash d\n[\s\S]*abcast b "hand 1"/)
  await expect(page.locator('.side').last().getByRole('row', { name: /^d/ })).toContainText('gone')
})

test('a script with mistakes says where, markup stays text, and a link carries it', async ({ page, site }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(`${site.address}lab/${addressOf('own')}`)
  const script = page.getByLabel('The script')
  await script.fill('members a b\nat 10 explode a\nat 20 cbcast q "x"')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('Line 2: “explode” is nothing that can be done')
  await expect(page.getByRole('alert')).toContainText('Line 3: there is no member q')
  await script.fill('members a b\nat 10 abcast a "<img src=x>"\nrun 200')
  await script.press('Control+Enter')
  await expect(page.getByRole('alert')).toBeEmpty()
  await expect(page.locator('.side td').first()).toHaveText('<img src=x>')
  expect(await page.locator('.side img').count()).toBe(0)
  const again = await page.context().newPage()
  await again.goto(page.url())
  await expect(again.getByLabel('The script')).toHaveValue(/<img src=x>/)
  await again.close()
  await page.getByRole('button', { name: 'b: a click crashes it' }).click()
  await page.getByRole('link', { name: 'Take what you did by hand' }).click()
  await expect(script).toHaveValue(/<img src=x>[\s\S]*crash b/)
  await page.getByRole('link', { name: 'To the content' }).press('Enter')
  await expect(page.locator('#lab')).toBeFocused()
  await expect(page).toHaveURL(/script=.*crash/)
})

test('another script has other lines in its diagram', async ({ page, site }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(`${site.address}lab/${addressOf('own', { script: 'members a b\nat 10 abcast a "x"' })}`)
  await page.getByLabel('The script').fill('members u v\nat 10 abcast u "x"')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const lines = page.locator('tutti-spacetime').first().getByRole('list', { name: 'Lines' })
  await expect(lines).toHaveText(/^\s*u\s*v\s*$/)
})

function collectErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  return errors
}

async function timeOf(page: Page): Promise<number> {
  return Number(await page.getByLabel('Time of the run').inputValue())
}

/** What axe finds, one line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}
