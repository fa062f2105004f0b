// What a page of the documentation does beyond being read: copies code, folds its contents on small screens, and marks
// where one is. A plain script, so that it runs from the file system, too; the gallery has it as well.

document.addEventListener('click', ({ target }) => {
  if (target.matches('.copy')) copy(target)
})

const details = document.querySelector('.contents details')
const narrow = matchMedia('(width < 52rem)')
fold()
narrow.addEventListener('change', fold)

const links = new Map([...document.querySelectorAll('.here a')].map((link) => [link.hash.slice(1), link]))
const headings = [...links.keys()].map((id) => document.getElementById(id)).filter((heading) => heading !== null)
if (headings.length > 0) {
  document.addEventListener('scroll', mark, { passive: true })
  mark()
}

async function copy(button) {
  const code = button.previousElementSibling
  let said = 'Copied'
  try {
    await navigator.clipboard.writeText(code.textContent)
  } catch {
    // There is a clipboard only on https and localhost; elsewhere the code is at least selected.
    getSelection().selectAllChildren(code)
    said = 'Press Ctrl+C'
  }
  button.textContent = said
  button.classList.add('done')
  setTimeout(() => {
    button.textContent = 'Copy'
    button.classList.remove('done')
  }, 1_600)
}

function fold() {
  details.open = !narrow.matches
}

function mark() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 120)
  const current = passed.at(-1)?.id
  for (const [id, link] of links) {
    if (id === current) link.setAttribute('aria-current', 'location')
    else link.removeAttribute('aria-current')
  }
}
