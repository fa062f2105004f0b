import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const demo = fileURLToPath(new URL('./demo', import.meta.url))

// The demo: every page of demo/ is an entry.
export default defineConfig({
  root: demo,
  base: './',
  build: {
    outDir: fileURLToPath(new URL('./dist/demo', import.meta.url)),
    emptyOutDir: true,
    sourcemap: true,
    rolldownOptions: {
      input: readdirSync(demo)
        .filter((name) => name.endsWith('.html'))
        .map((name) => `${demo}/${name}`),
    },
  },
})
