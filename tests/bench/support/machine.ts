import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { chromium } from 'playwright'
import { launchOptions } from '../../browser/support/chromium.ts'

/** Where it was measured, and against which versions. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGib: number
  readonly system: string
  readonly node: string
  readonly chromium: string
  readonly against: Readonly<Record<string, string>>
}

export async function machineFacts(): Promise<Machine> {
  const browser = await chromium.launch(launchOptions())
  try {
    return {
      cpu: cpus()[0]!.model,
      cores: cpus().length,
      memoryGib: Math.round(totalmem() / 1024 ** 3),
      system: `${type()} ${release()}`,
      node: process.version,
      chromium: browser.version(),
      against: Object.fromEntries(compared.map((name) => [name, versionOf(name)])),
    }
  } finally {
    await browser.close()
  }
}

const compared = ['simple-peer', '@trystero-p2p/core', 'y-webrtc', 'yjs']

function versionOf(name: string): string {
  const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
