import { TuttiChat, TuttiGroup, TuttiStatus } from '../../ui/index.ts'

// For a page without a build: registers a group, its status line and a chat, where their tags are free.

for (const [tag, element] of [
  ['tutti-group', TuttiGroup],
  ['tutti-status', TuttiStatus],
  ['tutti-chat', TuttiChat],
] as const) {
  if (customElements.get(tag) === undefined) customElements.define(tag, element)
}
