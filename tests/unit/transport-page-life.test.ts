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
  const stop = watchPageLife({ hidden: () => heard.push('hidden'), restored: () => heard.push('restored') })
  const show = (persisted: boolean): unknown => page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
  show(false)
  page.dispatchEvent(new Event('pagehide'))
  show(true)
  expect(heard).toEqual(['hidden', 'restored'])
  stop()
  page.dispatchEvent(new Event('pagehide'))
  show(true)
  expect(heard).toHaveLength(2)
})
