import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  /** Relative to the root of the package, with forward slashes. */
  path: string
  text: string
}

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Every file that git tracks and that is still there, as text. */
export function trackedFiles(): SourceFile[] {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
  return paths.filter((path) => path !== '' && existsSync(join(root, path))).map(read)
}

/** Every TypeScript file under the given folders, tracked or not. */
export function typeScriptFiles(folders: readonly string[]): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => read(`${folder}/${name.replaceAll('\\', '/')}`)),
    )
}

export function isFolder(path: string): boolean {
  return existsSync(join(root, path))
}

export function foldersOf(parent: string): string[] {
  if (!existsSync(join(root, parent))) return []
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
}

function read(path: string): SourceFile {
  return { path, text: readFileSync(join(root, path), 'utf8') }
}
