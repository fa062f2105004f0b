import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import { root } from './paths.ts'

/**
 * For builds that are ours: simple-peer from its source instead of its bundle for any browser of ten years. What the bundle
 * brings of Node (streams, buffers, randomness, about 20 KiB zipped) is replaced by the few lines of `simple-peer-parts.ts`;
 * of simple-peer itself all that is for data stays as it is. Throws where its source is no longer what this expects.
 */
export function slimSimplePeer(): Plugin {
  const source = createRequire(import.meta.url).resolve('simple-peer')
  return {
    name: 'slim-simple-peer',
    enforce: 'pre',
    resolveId: (id) => (id === 'simple-peer/simplepeer.min.js' ? source : undefined),
    transform: (code, id) => (id === source ? { code: onOurParts(code), map: null } : undefined),
  }
}

const parts = `${root}demo/build/simple-peer-parts.ts`
/** Between these stand its methods for sound and pictures, of which there are none here. */
const mediaBegins = '  /**\n   * Add a Transceiver'
const mediaEnds = '  _needsNegotiation () {'

const required = /^const (?:\w+|\{ Buffer \}) = require\([^\n]*\n/gm

function onOurParts(code: string): string {
  const found = code.match(required)?.length ?? 0
  // What it tells those who debug it, and nobody else.
  const quiet = code.replace(required, '').replace(/^\s*this\._debug\(.*\)$/gm, '')
  const [from, to] = [quiet.indexOf(mediaBegins), quiet.indexOf(mediaEnds)]
  const dataOnly = quiet.slice(0, from) + quiet.slice(to)
  const body = dataOnly.replace(/^module\.exports = Peer$/m, 'export default Peer')
  if (found !== 7 || from < 0 || to < from || !body.includes('export default Peer') || body.includes('require(')) {
    throw new Error('simple-peer is not the one that demo/build/slim-simple-peer.ts knows')
  }
  return `import { Buffer, debug, errCode, getBrowserRTC, randombytes, stream } from '${parts}'\n${body}`
}
