import type { Heading, Rendered } from './docs-markdown.ts'
import { escapeHtml } from './html.ts'

export interface Chapter {
  readonly title: string
  readonly pages: readonly { readonly slug: string; readonly title: string }[]
}

/** One page of the documentation around what it says. All addresses are relative, so that it can be hosted anywhere. */
export function pageOf(slug: string, { title, html, headings }: Rendered, chapters: readonly Chapter[]): string {
  const pages = chapters.flatMap((chapter) => chapter.pages)
  const at = pages.findIndex((page) => page.slug === slug)
  const name = slug === 'index' ? 'Tutti' : `${title} · Tutti`
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${name}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="${icon}" />
    <link rel="stylesheet" href="./colors.css" />
    <link rel="stylesheet" href="./docs.css" />
    <script defer src="./docs.js"></script>
  </head>
  <body>
    <a class="skip" href="#content">To the text</a>
    <header class="site">
      <a class="brand" href="../index.html">tutti</a>
      <nav aria-label="The site">
        <a href="./index.html" aria-current="true">Docs</a>
        <a href="../lab/index.html">Lab</a>
        <a href="../gallery.html">Gallery</a>
        <a href="../index.html">Demo</a>
      </nav>
    </header>
    <div class="columns">
      <nav class="contents" aria-label="Contents">
        <details open>
          <summary>Contents</summary>
          ${chapters.map((chapter) => chapterOf(chapter, slug)).join('\n          ')}
        </details>
      </nav>
      <main id="content" tabindex="-1">
${html}
        <nav class="turn" aria-label="Next and last page">
          ${turn(pages[at - 1], 'prev', 'Before')}
          ${turn(pages[at + 1], 'next', 'Next')}
        </nav>
      </main>
      ${onThisPage(headings)}
    </div>
  </body>
</html>
`
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='5' cy='6' r='4' fill='%232b65d0'/%3E%3Ccircle cx='11' cy='6' r='4' fill='%23c9412c' fill-opacity='.8'/%3E%3Ccircle cx='8' cy='11' r='4' fill='%231f7a50' fill-opacity='.8'/%3E%3C/svg%3E"

function chapterOf({ title, pages }: Chapter, current: string): string {
  const links = pages.map(
    (page) =>
      `<li><a href="./${page.slug}.html"${page.slug === current ? ' aria-current="page"' : ''}>${escapeHtml(page.title)}</a></li>`,
  )
  return `<p>${escapeHtml(title)}</p><ul>${links.join('')}</ul>`
}

function turn(page: { slug: string; title: string } | undefined, rel: string, word: string): string {
  if (page === undefined) return '<span></span>'
  return `<a rel="${rel}" href="./${page.slug}.html"><small class="way">${word}</small> ${escapeHtml(page.title)}</a>`
}

function onThisPage(headings: readonly Heading[]): string {
  const shown = headings.filter(({ depth }) => depth <= 3)
  if (shown.length < 2) return '<div class="here"></div>'
  const links = shown.map(({ depth, text, slug }) => `<li class="depth-${depth}"><a href="#${slug}">${text}</a></li>`)
  return `<nav class="here" aria-label="On this page"><p>On this page</p><ul>${links.join('')}</ul></nav>`
}
