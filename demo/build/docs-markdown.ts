import { Marked, type Tokens } from 'marked'
import { drawFigure } from './figure.ts'
import { highlight } from './highlight.ts'
import { escapeHtml, slugOf } from './html.ts'

export interface Heading {
  readonly depth: number
  readonly text: string
  readonly slug: string
}

export interface Rendered {
  /** Of the first heading. */
  readonly title: string
  readonly html: string
  /** All but the first. */
  readonly headings: readonly Heading[]
}

export interface RenderOptions {
  /** Where a link leads from this page; undefined: to nothing that the site has, and the text stays without a link. */
  link(target: string): string | undefined
  /** Makes HTML of a fenced block whose language is a directive, such as `elements`. */
  readonly directives: Readonly<Record<string, (text: string) => string>>
}

/** Renders Markdown of ours: it is trusted, and HTML in it stays HTML. */
export function renderMarkdown(source: string, { link, directives }: RenderOptions): Rendered {
  const headings: Heading[] = []
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const html = this.parser.parseInline(tokens)
        const slug = uniqueSlug(headings, slugOf(html))
        headings.push({ depth, text: html.replace(/<[^>]*>/g, ''), slug })
        if (depth === 1) return `<h1 id="${slug}">${html}</h1>\n`
        return `<h${depth} id="${slug}">${html}<a class="anchor" href="#${slug}" aria-label="Link to this section">#</a></h${depth}>\n`
      },
      code({ text, lang = '' }: Tokens.Code): string {
        const [language = '', ...label] = lang.split(/\s+/)
        if (language === 'figure') return renderFigure(text, label.join(' '))
        const directive = directives[language]
        return directive === undefined ? renderCode(text, language) : directive(text)
      },
      link({ href, tokens }: Tokens.Link): string {
        const html = this.parser.parseInline(tokens)
        const target = /^(?:[a-z]+:|#)/.test(href) ? href : link(href)
        return target === undefined ? html : `<a href="${escapeHtml(target)}">${html}</a>`
      },
      table({ header, rows }: Tokens.Table): string {
        const cell = ({ tokens, align }: Tokens.TableCell, tag: string): string =>
          `<${tag}${align ? ` class="${align}"` : ''}>${this.parser.parseInline(tokens)}</${tag}>`
        const line = (cells: Tokens.TableCell[], tag: string): string =>
          `<tr>${cells.map((each) => cell(each, tag)).join('')}</tr>`
        return wrapTable(
          `<thead>${line(header, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody>`,
        )
      },
    },
  })
  const html = marked.parse(source, { async: false })
  const [first, ...others] = headings
  if (first?.depth !== 1) throw new Error('a page of the documentation begins with its title')
  return { title: first.text, html, headings: others }
}

/** A docstring as HTML. */
export function renderDocstring(text: string): string {
  return docstrings.parse(text, { async: false })
}

const docstrings = new Marked({
  renderer: { code: ({ text, lang = '' }: Tokens.Code): string => renderCode(text, lang) },
  tokenizer: { html: () => undefined, tag: () => undefined },
})

/** Can be scrolled by keyboard where it is too wide. */
export function wrapTable(inner: string): string {
  return `<div class="table" tabindex="0" role="group" aria-label="Table"><table>${inner}</table></div>\n`
}

/** Code with a button that copies it. */
export function renderCode(code: string, language: string): string {
  return `<div class="code"><pre tabindex="0"><code>${highlight(code, language)}</code></pre><button type="button" class="copy">Copy</button></div>\n`
}

function renderFigure(text: string, caption: string): string {
  return `<figure>${drawFigure(text, caption)}<figcaption>${escapeHtml(caption)}</figcaption></figure>\n`
}

function uniqueSlug(headings: readonly Heading[], slug: string): string {
  const same = headings.filter((heading) => heading.slug === slug || heading.slug.startsWith(`${slug}-`)).length
  return same === 0 ? slug : `${slug}-${same}`
}
