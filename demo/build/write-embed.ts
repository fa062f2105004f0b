import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { buildEmbed, embedSizes } from './embed.ts'
import { root } from './paths.ts'

// A step of `npm run build:library`: what a page without a build of its own loads, into dist/embed.

const files = await buildEmbed()
rmSync(`${root}dist/embed`, { recursive: true, force: true })
for (const { name, content } of files) {
  mkdirSync(dirname(`${root}dist/embed/${name}`), { recursive: true })
  writeFileSync(`${root}dist/embed/${name}`, content)
}
for (const { name, serverBytes, localBytes } of embedSizes(files)) {
  console.log(
    `dist/embed/${name}: ${kilobytes(serverBytes)} KB zipped in all, ${kilobytes(localBytes)} KB without a server`,
  )
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1)
}
