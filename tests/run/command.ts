import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface CommandResult {
  /** True when the command ended by itself with exit code 0. */
  ok: boolean
  /** Standard output and standard error as they came, and how it ended where it ended badly. */
  output: string
}

export interface CommandOptions {
  /** After this long the command and all it started are killed. */
  limitMs: number
  env?: Record<string, string>
}

const running = new Set<number>()

/** Runs a command of the package or the system in the package's root; needs no terminal, and never rejects. */
export function run(
  command: string,
  args: readonly string[],
  { limitMs, env }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`
    // A process group of its own, so that a command that hangs goes together with its children.
    const child = spawn(command, args, {
      cwd: root,
      detached: true,
      env: { ...process.env, PATH: path, CI: '1', NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const pid = child.pid
    if (pid !== undefined) running.add(pid)
    const timer = setTimeout(() => {
      output += `\n${command} had not ended after ${limitMs / 1000} s and was killed\n`
      if (pid !== undefined) kill(pid)
    }, limitMs)
    const end = (ok: boolean, note: string): void => {
      clearTimeout(timer)
      if (pid !== undefined) running.delete(pid)
      resolve({ ok, output: output + note })
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', (error) => end(false, `\n${command}: ${error.message}\n`))
    child.on('close', (code, signal) => {
      end(code === 0, code === 0 ? '' : `\n${command} ended with ${signal ?? `exit code ${code}`}\n`)
    })
  })
}

/** Runs the commands one after the other up to the first that fails. */
export async function runEach(
  commands: readonly (readonly [string, ...string[]])[],
  options: CommandOptions,
): Promise<CommandResult> {
  let output = ''
  for (const [command, ...args] of commands) {
    const result = await run(command, args, options)
    output += `$ ${[command, ...args].join(' ')}\n${result.output}`
    if (!result.ok) return { ok: false, output }
  }
  return { ok: true, output }
}

/** Kills whatever still runs; for the end of the test run itself. */
export function killAll(): void {
  for (const pid of running) kill(pid)
}

function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
