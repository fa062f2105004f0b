import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import { root } from './paths.ts'

/**
 * For builds that are ours: simple-peer from its source instead of its bundle for any browser of ten years. What the bundle
 * brings of Node (streams, buffers, randomness, about 20 KiB zipped) is replaced by the few lines of `simple-peer-parts.ts`;
 * simple-peer itself stays as it is. Throws where its source is no longer what this expects.
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
const required = /^const (?:\w+|\{ Buffer \}) = require\([^\n]*\n/gm

function onOurParts(code: string): string {
  const found = code.match(required)?.length ?? 0
  const body = code.replace(required, '').replace(/^module\.exports = Peer$/m, 'export default Peer')
  if (found !== 7 || !body.includes('export default Peer') || body.includes('require(')) {
    throw new Error('simple-peer is not the one that demo/build/slim-simple-peer.ts knows')
  }
  return `import { Buffer, debug, errCode, getBrowserRTC, randombytes, stream } from '${parts}'\n${body}`
}
