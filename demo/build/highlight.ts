import { escapeHtml } from './html.ts'

/** Code as HTML, with comments, strings, words of the language and tags marked. Languages that it does not know stay plain. */
export function highlight(code: string, language: string): string {
  const pattern = patterns[language]
  if (pattern === undefined) return escapeHtml(code)
  let html = ''
  let end = 0
  for (const match of code.matchAll(pattern)) {
    const [kind, text] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? ['', match[0]]
    html += `${escapeHtml(code.slice(end, match.index))}<span class="${kind}">${escapeHtml(text)}</span>`
    end = match.index + text.length
  }
  return html + escapeHtml(code.slice(end))
}

const words =
  'async|await|break|case|class|const|continue|default|else|export|extends|false|for|from|function|if|import|in|interface|let|new|null|of|readonly|return|static|switch|this|throw|true|try|type|undefined|while'
const script = new RegExp(
  `(?<comment>//.*|/\\*[\\s\\S]*?\\*/)|(?<string>'[^'\\n]*'|"[^"\\n]*"|\`[^\`]*\`)|(?<word>\\b(?:${words})\\b)`,
  'g',
)
const markup = /(?<comment><!--[\s\S]*?-->)|(?<string>"[^"\n]*")|(?<word><\/?[\w-]+|\/?>)/g
const shell = /(?<comment>(?<=^|\s)#.*)|(?<string>'[^'\n]*'|"[^"\n]*")/gm
const styles = /(?<comment>\/\*[\s\S]*?\*\/)|(?<string>"[^"\n]*")|(?<word>--[\w-]+|::?[\w-]+)/g

const patterns: Record<string, RegExp> = { ts: script, js: script, json: script, html: markup, sh: shell, css: styles }
