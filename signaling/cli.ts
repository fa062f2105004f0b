#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander'
import type { IceServer } from './protocol.ts'
import { createSignalingServer } from './server.ts'

interface SignalingFlags {
  port: number
  host?: string
  serve?: string
  iceServer: IceServer[]
  witness: boolean
}

const program = new Command('tutti').description('Virtual synchrony for the browser')

program
  .command('signaling')
  .description('run a server that introduces peers to each other')
  .option('--port <number>', 'port to listen on, 0 for any free one', parsePort, 8080)
  .option('--host <address>', 'address to listen on (default: all interfaces)')
  .option('--serve <folder>', 'serve a built page on the same port')
  .option(
    '--ice-server <url[,username,credential]>',
    'STUN or TURN server for the peers; may be given several times',
    (value: string, earlier: IceServer[]) => [...earlier, parseIceServer(value)],
    [],
  )
  .option('--no-witness', 'do without the vote that breaks ties, so that one of two can go on')
  .action(runSignaling)

await program.parseAsync()

async function runSignaling({ port, host, serve, iceServer, witness }: SignalingFlags): Promise<void> {
  try {
    const server = await createSignalingServer({
      port,
      iceServers: iceServer,
      witness,
      ...(host !== undefined && { host }),
      ...(serve !== undefined && { serve }),
    })
    const stop = () => void server.close().then(() => process.exit(0))
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
    console.log(`tutti signaling: ${server.url}`)
  } catch (error) {
    console.error(`tutti signaling: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

function parsePort(value: string): number {
  const port = Number(value)
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port
  throw new InvalidArgumentError('It must be 0 to 65535.')
}

function parseIceServer(value: string): IceServer {
  const [urls = '', username, credential] = value.split(',')
  if (!/^(?:stun|turn)s?:./.test(urls))
    throw new InvalidArgumentError('It must begin with stun:, stuns:, turn: or turns:.')
  if (username === undefined || credential === undefined) return { urls }
  return { urls, username, credential }
}
