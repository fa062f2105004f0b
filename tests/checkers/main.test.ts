import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { main } from './main.ts'
import { Scribe } from './scribe.ts'

const folder = mkdtempSync(join(tmpdir(), 'check-trace-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('check-trace', () => {
  it('prints a line a rule, and exits 0 where none is broken [TR2]', () => {
    const { code, out } = run(write(good()))
    expect(code).toBe(0)
    expect(out).toContain('VW3  pass')
    expect(out).toContain('ST1  not decided')
  })

  it('prints the events that break a rule with their lines, and exits 1 [TR2]', () => {
    const s = good()
    s.install('a.1', 1, ['a.1', 'b.1'])
    const { code, out } = run(write(s), '--rule', 'VW2')
    expect(code).toBe(1)
    expect(out).toEqual([
      'VW2  broken',
      '       a.1 installs 1 after 1 of L',
      `         line 1: ${JSON.stringify(s.events[0])}`,
      `         line 3: ${JSON.stringify(s.events[2])}`,
    ])
  })

  it('prints JSON on request [TR2]', () => {
    const { code, out } = run(write(good()), '--json', '--rule', 'VW1', '--rule', 'DL1')
    expect(code).toBe(0)
    expect(JSON.parse(out.join('\n'))).toEqual([
      { rule: 'VW1', outcome: 'pass' },
      { rule: 'DL1', outcome: 'undecided' },
    ])
  })

  it('says in one line what it can’t judge, and exits 2 [TR2]', () => {
    const unusable: [args: string[], message: RegExp][] = [
      [[], /^usage: check-trace FILE/],
      [['a', 'b'], /^usage/],
      [['a', '--loud'], /^Unknown option '--loud'.*usage/],
      [[write(good()), '--rule', 'XX1'], /^no rule 'XX1'; a trace decides VW1 /],
      [[join(folder, 'missing.jsonl')], /^can't read .*missing\.jsonl: ENOENT/],
      [[folder], /^can't read .*EISDIR/],
      [[writeText('\n\n')], /holds no events$/],
      [[writeText('{"t":1')], /: line 1: not JSON: \{"t":1$/],
      [[writeText('\u0000\u0001')], /: line 1: not JSON/],
    ]
    for (const [args, message] of unusable) {
      const { code, out, complaints } = run(...args)
      expect([code, out, complaints.length]).toEqual([2, [], 1])
      expect(complaints[0]).toMatch(message)
      expect(complaints[0]).not.toContain('\n')
    }
  })

  it('is a program [TR2]', () => {
    const command = ['--import', 'tsx', new URL('main.ts', import.meta.url).pathname]
    const { status, stdout } = spawnSync(process.execPath, [...command, write(good())], { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toContain('VW1  pass\n')
  })
})

function good(): Scribe {
  const s = new Scribe()
  s.view(1, 'a.1', 'b.1')
  return s
}

let written = 0

function writeText(text: string): string {
  const file = join(folder, `${written++}.jsonl`)
  writeFileSync(file, text)
  return file
}

function write(s: Scribe): string {
  return writeText(s.events.map((event) => `${JSON.stringify(event)}\n`).join(''))
}

function run(...args: string[]): { code: number; out: string[]; complaints: string[] } {
  const [out, complaints]: [string[], string[]] = [[], []]
  const code = main(
    args,
    (line) => out.push(line),
    (line) => complaints.push(line),
  )
  return { code, out, complaints }
}
