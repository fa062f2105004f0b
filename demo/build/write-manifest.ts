import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { editorFiles } from './editor-data.ts'
import { makeManifest } from './manifest.ts'
import { root } from './paths.ts'

// A step of `npm run build:library`: the manifest of the elements and what editors make of it, into dist/ui.

const about = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { name: string; version: string }
mkdirSync(`${root}dist/ui`, { recursive: true })
for (const [name, content] of Object.entries(editorFiles(makeManifest(), about))) {
  writeFileSync(`${root}dist/ui/${name}`, `${JSON.stringify(content, undefined, 2)}\n`)
}
