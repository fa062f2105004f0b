import { afterEach, expect, it, vi } from 'vitest'
import { watchPageLife } from '../../peer/transport/page-life.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('does nothing where there is no page', () => {
  watchPageLife({ hidden: () => expect.unreachable(), restored: () => expect.unreachable() })()
})

it('tells when the page goes, and when it comes back after being kept aside', () => {
  const page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  const heard: string[] = []
  const stop = watchPageLife({
    hidden: (kept) => heard.push(kept ? 'put aside' : 'hidden'),
    restored: () => heard.push('restored'),
  })
  const tell = (type: string) => (persisted: boolean) =>
    page.dispatchEvent(Object.assign(new Event(type), { persisted }))
  const [show, hide] = [tell('pageshow'), tell('pagehide')]
  show(false)
  hide(true)
  show(true)
  hide(false)
  expect(heard).toEqual(['put aside', 'restored', 'hidden'])
  stop()
  hide(true)
  show(true)
  expect(heard).toHaveLength(3)
})
