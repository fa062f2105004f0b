import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Project extends AsyncDisposable {
  /** An empty Vite project with the packed tarball installed; `main.ts` holds the README's ten lines. */
  directory: string
  /** The files in the tarball, relative to its root. */
  packed: readonly string[]
  /** Runs a command of the project, such as `vite` or `tutti`; resolves to its output, rejects with it. */
  run(command: string, ...args: string[]): Promise<string>
}

/** Packs what `npm run build:library` left in dist/, and installs it where nothing else of ours is. */
export async function makeProject(): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), 'tutti-package-'))
  try {
    const packing = ['pack', root, '--ignore-scripts', '--json', '--pack-destination', directory]
    const [tarball] = JSON.parse(await execute(directory, 'npm', packing)) as [
      { filename: string; files: { path: string }[] },
    ]
    await cp(join(root, 'tests/package/site'), directory, { recursive: true })
    await writeProjectFiles(directory)
    const tools = await Promise.all(['vite', 'typescript', '@types/node'].map(sameVersion))
    const flags = ['--prefer-offline', '--no-audit', '--no-fund']
    await execute(directory, 'npm', ['install', ...flags, `./${tarball.filename}`, ...tools])
    return {
      directory,
      packed: tarball.files.map(({ path }) => path),
      run: (command, ...args) => execute(directory, join(directory, 'node_modules/.bin', command), args),
      [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function writeProjectFiles(directory: string): Promise<void> {
  const write = (name: string, content: unknown): Promise<void> =>
    writeFile(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content))
  await write('package.json', { name: 'somebody-elses-page', private: true, type: 'module' })
  await write('index.html', '<!doctype html><title>page</title><body><script type="module" src="/main.ts"></script>')
  for (const [name, module, moduleResolution] of [
    ['bundler', 'ESNext', 'bundler'],
    ['node16', 'Node16', 'node16'],
  ] as const) {
    const shared = { target: 'ES2023', module, moduleResolution, strict: true, noEmit: true }
    const page = { ...shared, lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: [] }
    await write(`tsconfig.${name}.page.json`, { compilerOptions: page, files: ['main.ts', 'page.ts'] })
    const server = { ...shared, lib: ['ES2023'], types: ['node'], skipLibCheck: true }
    await write(`tsconfig.${name}.server.json`, { compilerOptions: server, files: ['server.ts'] })
  }
}

async function sameVersion(name: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  return `${name}@${manifest.version}`
}

async function execute(cwd: string, command: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', NODE_ENV: 'production' }
  const options = { cwd, env, timeout: 120_000, maxBuffer: 1 << 26 }
  try {
    return (await promisify(execFile)(command, args, options)).stdout
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout: string; stderr: string }
    throw new Error([message, stdout, stderr].join('\n'))
  }
}
