import type { TuttiGroup } from '../../../ui/group/tutti-group.ts'

/** Tells the page's group what the page's address says: where to join, and under what name. */
export function askGroup(): void {
  const asked = new URLSearchParams(location.search)
  const group = document.querySelector<TuttiGroup>('tutti-group')!
  for (const name of ['signaling', 'room', 'name', 'color']) {
    const value = asked.get(name)
    if (value !== null) group.setAttribute(name, value)
  }
}
