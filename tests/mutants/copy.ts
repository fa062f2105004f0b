import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from '../run/command.ts'
import { applyTo, BadMutant, type Mutant } from './mutant.ts'

const COPIED = ['package.json', 'tsconfig.json', 'peer', 'signaling', 'tests/sim', 'tests/checkers', 'tests/mutants']
/** All that runs in a simulation, and nothing else, is compiled by this. */
const CONFIG = 'tsconfig.simulator.json'
const COMPILE_WITHIN_MS = 60_000

/** Copies of what runs and judges simulated groups, all of the tree as it was when this was made. */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tutti-mutants-'))
  #copies = 0
  /** The copy without a fault. */
  readonly original = join(this.#folder, 'original')

  constructor() {
    for (const path of COPIED) cpSync(join(root, path), join(this.original, path), { recursive: true })
    writeFileSync(
      join(this.original, CONFIG),
      JSON.stringify({ extends: './tsconfig.json', include: ['peer/simulator'] }),
    )
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'))
  }

  /** The text of the mutant's file with the fault in it. */
  faulty(mutant: Mutant): string {
    return applyTo(readFileSync(join(this.original, mutant.file), 'utf8'), mutant)
  }

  /** A copy with the fault in it, that compiles. */
  async make(mutant: Mutant): Promise<string> {
    const copy = join(this.#folder, `${++this.#copies}`)
    cpSync(this.original, copy, { recursive: true })
    writeFileSync(join(copy, mutant.file), this.faulty(mutant))
    await checkCompiles(copy, mutant)
    return copy
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A fault that does not compile would be caught by anything. What it leaves unused is no matter. */
async function checkCompiles(copy: string, { name }: Mutant): Promise<void> {
  const lax = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false']
  const options = ['-p', join(copy, CONFIG), ...lax]
  const { ok, output } = await run('tsc', options, { limitMs: COMPILE_WITHIN_MS })
  if (!ok) throw new BadMutant(`${name} does not compile:\n${output}`)
}
