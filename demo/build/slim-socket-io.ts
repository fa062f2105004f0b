import type { Plugin } from 'vite'

/**
 * For builds that are ours: the client of socket.io without what the signaling client has no use for. The server does not speak
 * WebTransport; connecting again is the signaling client's own doing; nobody listens to all events at once, or sends one again or in
 * a special way. The rest of the client stays as it is. Throws where its source is no longer what this expects.
 */
export function slimSocketIo(): Plugin {
  return {
    name: 'slim-socket-io',
    enforce: 'pre',
    load: (id) => Object.entries(instead).find(([path]) => id.endsWith(path))?.[1],
    transform(code, id) {
      const made = cuts.filter(([file]) => id.endsWith(folder + file))
      if (made.length === 0) return undefined
      return { code: made.reduce((rest, [, begin, end]) => cut(rest, begin, end), code), map: null }
    },
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

const folder = 'socket.io-client/build/esm/'
/** Of each file what stands from one of these texts to the other. */
const cuts: readonly (readonly [file: string, begin: string, end: string])[] = [
  ['socket.js', '    /**\n     * Sets the compress flag.', '    /**\n     * Notify the listeners for each packet sent'],
  ['socket.js', '    /**\n     * Add the packet to the queue.', '    /**\n     * Send the first packet of the queue'],
  ['manager.js', '    /**\n     * Attempt a reconnection.', '}\n'],
]

function cut(code: string, begin: string, end: string): string {
  const [from, to] = [code.indexOf(begin), code.lastIndexOf(end)]
  if (from < 0 || to < from) {
    throw new Error('socket.io-client is not the one that demo/build/slim-socket-io.ts knows')
  }
  return code.slice(0, from) + code.slice(to)
}
