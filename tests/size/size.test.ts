import { describe, expect, it } from 'vitest'
import { measure, measureFolders } from './measure.ts'

const KIB = 1024
/** A little above what it is: whoever makes it larger says so here, and why. */
const ALL_MAX_KIB = 95
/** With a client that is loaded on demand, leaves without a goodbye, and tells what it lacks. */
const OURS_MAX_KIB = 55

describe('what a page loads for connect and join', () => {
  it('is no larger than it was, minified and zipped', async () => {
    const { all, atOnce, ours } = await measure()
    expect(all.gzippedBytes / KIB).toBeLessThan(ALL_MAX_KIB)
    expect(ours.gzippedBytes / KIB).toBeLessThan(OURS_MAX_KIB)
    expect(ours.gzippedBytes).toBeLessThan(all.gzippedBytes)
    // The client of a server is for those who have one.
    expect((all.gzippedBytes - atOnce.gzippedBytes) / KIB).toBeGreaterThan(8)
  })

  it('is told by folder, and holds nothing of the server, the simulator or the elements', async () => {
    const folders = await measureFolders()
    const names = folders.map(({ folder }) => folder)
    for (const layer of [
      'base',
      'wire',
      'membership',
      'ordering',
      'transfer',
      'engine',
      'runtime',
      'transport',
      'client',
    ]) {
      expect(names).toContain(`peer/${layer}`)
    }
    expect(names.filter((name) => !name.startsWith('peer/'))).toEqual(['signaling/protocol.ts'])
    expect(names).not.toContain('peer/simulator')
    const { ours } = await measure()
    const minifiedBytes = folders.reduce((sum, folder) => sum + folder.minifiedBytes, 0)
    expect(minifiedBytes / ours.minifiedBytes).toBeCloseTo(1, 1)
  })
})
