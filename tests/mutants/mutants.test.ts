import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../run/command.ts'
import { mutants } from './list/index.ts'
import { applyTo, BadMutant } from './mutant.ts'
import { runScenario } from './run-scenario.ts'
import { scenarios } from './scenarios/index.ts'

describe('the list of mutants', () => {
  it('has one name a mutant, and enough of them', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
    expect(mutants.length).toBeGreaterThanOrEqual(83)
  })

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    'finds the text of "%s" exactly once',
    (_, mutant) => {
      const text = readFileSync(join(root, mutant.file), 'utf8')
      expect(applyTo(text, mutant)).not.toBe(text)
    },
  )

  it('names scenarios that exist, and leaves none without use', () => {
    const named = new Set(mutants.flatMap((mutant) => mutant.scenarios ?? []))
    expect([...named].sort()).toEqual(scenarios.map(({ name }) => name).sort())
  })

  it('refuses a text that is missing, or there twice', () => {
    const mutant = { name: 'm', file: 'f', find: 'a', replace: 'b', breaks: [], fault: '' }
    expect(applyTo('xay', mutant)).toBe('xby')
    expect(() => applyTo('xy', mutant)).toThrow(BadMutant)
    expect(() => applyTo('aa', mutant)).toThrow(BadMutant)
  })
})

describe('the engine without a fault', () => {
  it.each(scenarios.map(({ name }) => name))('breaks no rule in "%s"', (name) => {
    expect(runScenario(name)).toEqual([])
  })
})
