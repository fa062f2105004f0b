import { fileURLToPath } from 'node:url'
import { expect, test } from 'playwright/test'
import { rows } from '../chaos/rows.ts'
import { play } from '../chaos/support/play.ts'
import { figure } from '../chaos/support/stage.ts'
import { serveScript } from './support/site.ts'

// The shortest rows of `npm run chaos`, in browsers of their own on this machine.

const shortest = ['page-closed', 'one-of-two-killed', 'renderer-killed', 'hung-3s']
const page = fileURLToPath(new URL('../chaos/pages/chaos-page.ts', import.meta.url))

for (const name of shortest) {
  const row = rows.find((candidate) => candidate.name === name)!
  test(row.title, async () => {
    test.setTimeout(row.limitMs + 20_000)
    await using site = await serveScript(page)
    const { measures, faults } = await play(row, { page: site.address })
    for (const measure of measures) {
      test.info().annotations.push({ type: 'time', description: figure(measure) })
      console.log(`    ${figure(measure)}`)
    }
    expect(faults).toEqual([])
  })
}
