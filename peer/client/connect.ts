import { realClock } from '../runtime/clock.ts'
import type { Signaling } from '../transport/signaling.ts'
import { createSignalingClient } from '../transport/signaling-client.ts'
import { createWebrtcTransport } from '../transport/webrtc.ts'
import { type LocalRuntimeOptions, localRuntime } from './local-runtime.ts'
import { encodeInfo } from './member-info.ts'
import { checkConnect } from './options.ts'
import { createPeer } from './peer.ts'
import { randomName } from './random-name.ts'
import type { ConnectOptions, Peer } from './types.ts'

/**
 * Makes a peer and connects it to a signaling server. Returns at once: `peer.signaling` tells whether the server was
 * reached, and `join` waits for it. Throws a TuttiError: `invalid-option`, `unsupported` (an option that is not built
 * yet; no WebRTC here), `too-large` or `not-encodable` (name and metadata).
 */
export function connect(options: ConnectOptions): Peer {
  const { server, config } = checkConnect(options)
  return createPeer({
    info: encodeInfo(options.name ?? '', options.metadata ?? null, config.memberInfoBytesMax),
    signaling: signalingOf(server, options.token),
    config,
    clock: realClock,
    random: randomName,
    runtime: options.runtime?.start() ?? localRuntime({ clock: realClock, transport: webrtc(options.wrtc) }),
    iceServers: options.iceServers,
    trace: options.trace && ((event) => options.trace?.(event)),
    witness: options.witness,
  })
}

function webrtc(wrtc: unknown): LocalRuntimeOptions['transport'] {
  return (wiring) => createWebrtcTransport({ ...wiring, wrtc })
}

function signalingOf(server: string | URL | Signaling, token: ConnectOptions['token']): Signaling {
  if (typeof server !== 'string' && !(server instanceof URL)) return server
  return createSignalingClient(server, token === undefined ? {} : { token })
}
