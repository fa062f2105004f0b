import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { sitePlugin } from './demo/build/site-plugin.ts'
import { slim } from './demo/build/slim.ts'

const demo = fileURLToPath(new URL('./demo', import.meta.url))

// The demo: every page of demo/ is an entry, but for the one that shows how to do without a build. The plugin adds that
// one, what it embeds, and the documentation.
export default defineConfig({
  root: demo,
  base: './',
  plugins: [...slim(), sitePlugin()],
  // For the scripts of workers, too.
  worker: { format: 'es', plugins: slim },
  build: {
    outDir: fileURLToPath(new URL('./dist/demo', import.meta.url)),
    emptyOutDir: true,
    sourcemap: true,
    rolldownOptions: {
      // How long its plugins take is of no use to who starts the demo.
      checks: { bundlerTimings: false },
      input: readdirSync(demo, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.html') && name !== 'embed.html')
        .map((name) => `${demo}/${name}`),
    },
  },
})
