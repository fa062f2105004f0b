import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { root } from './paths.ts'
import { slim } from './slim.ts'
import { slimImports } from './slim-imports.ts'

/** A file for pages without a build of their own: it registers elements as soon as it is loaded. */
export interface EmbedFile {
  /** Such as `tutti-chat.js`; a file with a folder in its name is loaded by another, at once or when it is needed. */
  readonly name: string
  readonly content: string
}

/** All that a page loads that names a file, zipped. */
export interface EmbedSize {
  readonly name: string
  /** Where it has a signaling server. */
  readonly serverBytes: number
  /** Where tabs of one browser meet without one. */
  readonly localBytes: number
}

/** The parts that only one of the two ways of meeting takes, by their names in the folder of parts. */
const serverPart = 'socket-io.js'
const localPart = 'local.js'

/** Builds every file of `demo/embed`, minified, with the source map of each. */
export async function buildEmbed(): Promise<EmbedFile[]> {
  const folder = `${root}demo/embed`
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  const built = await Promise.all(names.map((name) => buildOne(`${folder}/${name}`, name.replace(/\.ts$/, ''))))
  return built.flat()
}

/** What a page loads for each of them. */
export function embedSizes(files: readonly EmbedFile[]): EmbedSize[] {
  const scripts = files.filter(({ name }) => name.endsWith('.js'))
  return scripts
    .filter(({ name }) => !name.includes('/'))
    .map(({ name }) => {
      const folder = partsOf(name.replace(/\.js$/, ''))
      const all = scripts.filter((file) => file.name === name || file.name.startsWith(folder))
      const without = (part: string): number => zipped(all.filter((file) => file.name !== `${folder}${part}`))
      return { name, serverBytes: without(localPart), localBytes: without(serverPart) }
    })
}

function zipped(files: readonly EmbedFile[]): number {
  return files.reduce((sum, { content }) => sum + gzipSync(content, { level: 9 }).length, 0)
}

function partsOf(name: string): string {
  return `${name}-parts/`
}

async function buildOne(file: string, name: string): Promise<EmbedFile[]> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: `${root}demo`,
    base: './',
    plugins: [...slim(), slimImports()],
    // As a page has it, whatever this runs as: Lit warns of a development build otherwise.
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: {
      write: false,
      minify: true,
      sourcemap: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: { [name]: file },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: `${partsOf(name)}[name].js`,
          assetFileNames: `${partsOf(name)}[name][extname]`,
        },
      },
    },
  })
  return [result].flat().flatMap((one) =>
    'output' in one
      ? one.output.map((part) => ({
          name: part.fileName,
          content: part.type === 'chunk' ? part.code : String(part.source),
        }))
      : [],
  )
}
