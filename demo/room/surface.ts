/** What the page can show. Where it is wide, the chat and the hood are there all the time, beside another one. */
export type Surface = 'board' | 'text' | 'tasks' | 'files' | 'chat' | 'hood'

const surfaces: readonly Surface[] = ['board', 'text', 'tasks', 'files', 'chat', 'hood']

/** Whether it stands beside the others where the page is wide. */
export function isBeside(surface: Surface): boolean {
  return surface === 'chat' || surface === 'hood'
}

/** The surface that an address names behind `#`. */
export function surfaceOf(hash: string): Surface | undefined {
  return surfaces.find((surface) => `#${surface}` === hash)
}

/** By the names of the parts of the group's state that they keep. */
export function surfaceOfPart(part: unknown): Surface | undefined {
  return part === 'editor' ? 'text' : surfaces.find((surface) => surface === part)
}
