import { LitElement } from 'lit'
import { expect, it } from 'vitest'

it('registers nothing on import, and then only tags that are free', async () => {
  const { TuttiChat, TuttiGroup } = await import('../../ui/index.ts')
  expect(customElements.get('tutti-chat')).toBeUndefined()
  class Other extends LitElement {}
  customElements.define('tutti-chat', Other)
  await import('../../ui/define.ts')
  expect(customElements.get('tutti-chat')).toBe(Other)
  expect(customElements.get('tutti-chat')).not.toBe(TuttiChat)
  expect(customElements.get('tutti-group')).toBe(TuttiGroup)
  for (const tag of ['status', 'roster', 'board', 'spacetime']) expect(customElements.get(`tutti-${tag}`)).toBeDefined()
})
