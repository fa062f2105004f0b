import { plainText } from '../../ui/index.ts'
import { byId } from './elements.ts'

const shownMs = 8_000
const noticesMax = 3

/** Says something in the corner of the page, for a while; again at once, where it is said again. */
export function notify(text: string): void {
  const box = byId('notices')
  const line = plainText(text, 300)
  for (const before of [...box.children]) if (before.textContent === line) before.remove()
  const notice = document.createElement('p')
  notice.className = 'notice'
  notice.textContent = line
  notice.dir = 'auto'
  box.append(notice)
  for (const old of [...box.children].slice(0, -noticesMax)) old.remove()
  setTimeout(() => notice.remove(), shownMs)
}
