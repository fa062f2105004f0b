import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// tsc leaves behind what it no longer writes; a package must not carry yesterday's files.
for (const folder of ['peer', 'ui', 'signaling']) {
  rmSync(fileURLToPath(new URL(`../../dist/${folder}`, import.meta.url)), { recursive: true, force: true })
}
