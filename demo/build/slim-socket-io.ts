import type { Plugin } from 'vite'

/**
 * For builds that are ours: the client of socket.io without WebTransport, which the signaling client does not ask for and the
 * server does not speak. The rest of the client stays as it is.
 */
export function slimSocketIo(): Plugin {
  return {
    name: 'slim-socket-io',
    enforce: 'pre',
    load: (id) => (/engine\.io-client\/build\/esm\/transports\/webtransport\.js$/.test(id) ? without : undefined),
  }
}

const without = `export class WT {
  constructor() { throw new Error('this build has no WebTransport') }
}`
