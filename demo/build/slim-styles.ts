import type { Plugin } from 'vite'

/** For builds that are ours: style sheets in `css` templates without the white space and the comments that only readers need. */
export function slimStyles(): Plugin {
  return {
    name: 'slim-styles',
    enforce: 'pre',
    transform: (code, id) =>
      /\/ui\/.*\.ts$/.test(id) && code.includes('css`') ? { code: code.replace(sheet, squeeze), map: null } : undefined,
  }
}

/** None of ours holds a backquote. */
const sheet = /\bcss`[^`]*`/g

function squeeze(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
}
