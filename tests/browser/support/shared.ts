import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPages } from './built-site.ts'
import { type DemoServer, startDemo } from './demo-server.ts'

// What the workers of one run of the tests share: each thing is made when the first of them asks, and once.

const variable = 'TUTTI_SHARED'

/** Answers the workers for as long as the run lasts; what is returned ends all that was made. */
// biome-ignore lint/style/noDefaultExport: the runner asks for it
export default async function share(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-shared-'))
  let pages: Promise<string> | undefined
  let demo: Promise<DemoServer> | undefined
  const things: Record<string, () => Promise<string>> = {
    '/pages': () => {
      pages ??= buildPages(folder).then(() => folder)
      return pages
    },
    '/demo': async () => {
      demo ??= startDemo()
      return (await demo).address
    },
  }
  const server = createServer((request, response) => {
    const thing = things[request.url!]!()
    thing.then(
      (answer) => response.end(answer),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  process.env[variable] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return async () => {
    server.closeAllConnections()
    server.close()
    await demo?.then(
      (running) => running[Symbol.asyncDispose](),
      () => {},
    )
    await pages?.catch(() => {})
    await rm(folder, { recursive: true, force: true })
  }
}

/** The folder of the built pages. */
export function sharedPages(): Promise<string> {
  return ask('pages')
}

/** The address of the demo as `npm start` gives it, with a slash at its end. */
export function sharedDemo(): Promise<string> {
  return ask('demo')
}

async function ask(thing: 'pages' | 'demo'): Promise<string> {
  const response = await fetch(`${process.env[variable]}/${thing}`)
  const answer = await response.text()
  if (!response.ok) throw new Error(`the ${thing} for the tests could not be made: ${answer}`)
  return answer
}
