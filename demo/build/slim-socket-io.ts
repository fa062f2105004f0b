import type { Plugin } from 'vite'

/**
 * For builds that are ours: the client of socket.io without what the signaling client has no use for. The server does not speak
 * WebTransport; connecting again is the signaling client's own doing; nobody listens to all events at once, or sends one in a
 * special way. The rest of the client stays as it is. Throws where its source is no longer what this expects.
 */
export function slimSocketIo(): Plugin {
  return {
    name: 'slim-socket-io',
    enforce: 'pre',
    load: (id) => Object.entries(instead).find(([path]) => id.endsWith(path))?.[1],
    transform: (code, id) => (id.endsWith(socket) ? { code: withoutExtras(code), map: null } : undefined),
  }
}

const instead: Readonly<Record<string, string>> = {
  'engine.io-client/build/esm/transports/webtransport.js': `export class WT {
  constructor() { throw new Error('this build has no WebTransport') }
}`,
  'socket.io-client/build/esm/contrib/backo2.js': `export class Backoff {
  attempts = 0
  reset() {}
  setMin() {}
  setMax() {}
  setJitter() {}
  duration() { throw new Error('this build does not connect again by itself') }
}`,
}

const socket = 'socket.io-client/build/esm/socket.js'
/** Between these stand the methods of special ways to send, and of listeners to everything. */
const extrasBegin = '    /**\n     * Sets the compress flag.'
const extrasEnd = '    /**\n     * Notify the listeners for each packet sent'

function withoutExtras(code: string): string {
  const [from, to] = [code.indexOf(extrasBegin), code.indexOf(extrasEnd)]
  if (from < 0 || to < from) {
    throw new Error('socket.io-client is not the one that demo/build/slim-socket-io.ts knows')
  }
  return code.slice(0, from) + code.slice(to)
}
