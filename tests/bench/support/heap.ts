import type { Tab } from './tabs.ts'

/** Bytes that a page's script holds after everything that can be collected is collected, array buffers included. */
export async function heapBytes({ cdp }: Tab): Promise<number> {
  await cdp.send('HeapProfiler.enable')
  // What the first collection finalizes, the second one frees.
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('HeapProfiler.collectGarbage')
  const usage = (await cdp.send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number }
  return usage.usedSize + (usage.backingStorageSize ?? 0)
}
