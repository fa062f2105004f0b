import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { root } from './paths.ts'
import { slim } from './slim.ts'

/** A file for pages without a build of their own: it registers elements as soon as it is loaded. */
export interface EmbedFile {
  /** Such as `tutti-chat.js`; a file with a folder in its name is loaded by another, when it is needed. */
  readonly name: string
  readonly content: string
}

export interface EmbedSize {
  readonly name: string
  /** Loaded at once, with all that it imports. */
  readonly gzippedBytes: number
  /** Loaded besides when it is needed, such as the client of a signaling server. */
  readonly laterBytes: number
}

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
  const gzipped = (some: readonly EmbedFile[]): number => some.reduce((sum, { content }) => sum + zipped(content), 0)
  return scripts
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, content }) => {
      const parts = scripts.filter((file) => file.name.startsWith(`${name.replace(/\.js$/, '')}-parts/`))
      const now = parts.filter((part) => isImported(content, part.name))
      const later = parts.filter((part) => !now.includes(part))
      return { name, gzippedBytes: zipped(content) + gzipped(now), laterBytes: gzipped(later) }
    })
}

function zipped(content: string): number {
  return gzipSync(content, { level: 9 }).length
}

function isImported(code: string, part: string): boolean {
  return new RegExp(`(?:from|import)\\s*["']\\./${part.replaceAll('.', '\\.')}["']`).test(code)
}

async function buildOne(file: string, name: string): Promise<EmbedFile[]> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: `${root}demo`,
    base: './',
    plugins: slim(),
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
          chunkFileNames: `${name}-parts/[name].js`,
          assetFileNames: `${name}-parts/[name][extname]`,
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
