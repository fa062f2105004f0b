import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export interface Process {
  readonly pid: number
  readonly parent: number
  /** Its command line. */
  readonly command: string
}

/** All that run now. */
export function processes(): Process[] {
  return existsSync('/proc/self/stat') ? fromProc() : fromPs()
}

/** The process and all that descend from it, parents first; none where it has ended. */
export function processTree(root: number): Process[] {
  const all = processes()
  const tree = all.filter(({ pid }) => pid === root)
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid))
  return tree
}

/** One that has ended meanwhile is passed over. */
export function signalAll(targets: readonly Process[], signal: NodeJS.Signals): void {
  for (const { pid } of targets) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

function fromProc(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    // The name, which may hold anything, is in parentheses; the state and the parent follow.
    const [, parent] = /\) \S (\d+)/.exec(read(`/proc/${name}/stat`)) ?? []
    const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ')
    return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent), command }]
  })
}

function fromPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }]
  })
}

/** Empty where the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
