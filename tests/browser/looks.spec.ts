import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { look, looks, pictured, pictureScale } from './support/all-pages.ts'
import { expect, test } from './support/site-test.ts'

// Pictures of all pages are kept in references/ and renewed by `npm run looks`. Fonts differ from machine to machine, so
// here no pixels are compared: that there is a picture of each, and that each page fits its window.

const folder = fileURLToPath(new URL('./references/', import.meta.url))

test('there is a picture of every page, light and dark, wide and narrow, and no other', () => {
  const names = pictured().flatMap(({ name }) =>
    looks.map(({ width, colorScheme }) => `${name}-${width}-${colorScheme}.png`),
  )
  expect(readdirSync(folder).sort()).toEqual([...names].sort())
  for (const name of names) {
    const picture = readFileSync(`${folder}${name}`)
    const { width, height } = looks.find((each) => name.endsWith(`-${each.width}-${each.colorScheme}.png`))!
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)], name).toEqual([
      width * pictureScale,
      height * pictureScale,
    ])
    expect(picture.length, name).toBeLessThan(150_000)
  }
})

test('every page fits its window', async ({ page, site }) => {
  for (const sight of pictured()) {
    await look(page, site, sight)
    for (const { width, height } of looks) {
      await page.setViewportSize({ width, height })
      expect
        .soft(await page.evaluate(() => document.documentElement.scrollWidth), `${sight.name} at ${width}`)
        .toBeLessThanOrEqual(width)
    }
  }
})
