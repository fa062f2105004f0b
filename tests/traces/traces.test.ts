import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judge, parseTrace, ruleIds } from '../checkers/index.ts'

/** Golden traces: what stands in good/ breaks no rule, and bad/vw3-pt1-some-words.jsonl breaks VW3 and PT1 and no other. */
describe('golden traces', () => {
  for (const file of traces('good')) {
    it(`good/${file} breaks no rule [TR2]`, () => {
      expect(broken(`good/${file}`)).toEqual([])
    })
  }

  for (const file of traces('bad')) {
    const named = rulesNamedBy(file)
    it(`bad/${file} breaks just ${named.map((rule) => `[${rule}]`).join(' ')}`, () => {
      expect(broken(`bad/${file}`)).toEqual(named)
    })
  }

  it('hold a bad one for each rule [TR2]', () => {
    const named = new Set(traces('bad').flatMap(rulesNamedBy))
    expect(ruleIds.filter((rule) => !named.has(rule))).toEqual([])
    expect(traces('good').length).toBeGreaterThan(3)
  })
})

function traces(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, import.meta.url)).filter((file) => file.endsWith('.jsonl'))
}

function rulesNamedBy(file: string): string[] {
  const named = /^(?:[a-z]{2}\d+-)+/.exec(file)?.[0] ?? ''
  return named.toUpperCase().split('-').filter(Boolean).sort()
}

function broken(path: string): string[] {
  const { events } = parseTrace(readFileSync(new URL(path, import.meta.url), 'utf8'))
  const verdicts = judge(events).filter(({ outcome }) => outcome === 'broken')
  for (const { evidence } of verdicts) expect(evidence?.[0]?.events.length).toBeGreaterThan(0)
  return verdicts.map(({ rule }) => rule).sort()
}
