import { describe, vi } from 'vitest'

// The contract of groups once more, with links and engines where a worker would have them.

vi.mock('./group-runtime.ts', () => import('./group-runtime-behind-a-door.ts'))

describe('behind a door', () => {
  describe('a group', async () => void (await import('./group.test.ts')))
  describe('with state', async () => void (await import('./group-state.test.ts')))
  describe('in parts', async () => void (await import('./group-partition.test.ts')))
})
