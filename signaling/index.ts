/** The entry `tutti/signaling`: the self-hosted server that introduces peers to each other. Runs in Node. */
export type { Authorize } from './auth.ts'
export type { Limits } from './limits.ts'
export type { SignalingServerOptions } from './options.ts'
export type { IceServer } from './protocol.ts'
export { createSignalingServer, type SignalingServer } from './server.ts'
