import type { Plugin } from 'vite'

/**
 * For files to embed, whose scripts bring their styles with them: what Vite puts around each `import()`, to load style sheets
 * along with a script, does nothing for them but fill 0.7 KB.
 */
export function slimImports(): Plugin {
  return {
    name: 'slim-imports',
    enforce: 'pre',
    load: (id) => (id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load()' : undefined),
  }
}
