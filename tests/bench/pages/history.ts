import type { Group } from '../../../peer/index.ts'

/** What a group told besides messages, as lines, to be shown when something went wrong. */
export function historyOf(group: Group): string[] {
  const lines = [`${group.self.id} in view ${group.view.number} of ${group.view.members.length}`]
  const start = performance.now()
  const note = (line: string): void => {
    lines.push(`${Math.round(performance.now() - start)} ms: ${line}`)
  }
  const names = (members: readonly { readonly id: string }[]): string => `[${members.map(({ id }) => id)}]`
  group.addEventListener('view', ({ view, failed }) =>
    note(`view ${view.number} ${names(view.members)}, failed ${names(failed)}`),
  )
  group.addEventListener('status', ({ status }) => note(status))
  group.addEventListener('error', ({ error }) => note(`${error}`))
  return lines
}
