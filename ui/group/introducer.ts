import type { ConnectOptions, Signaling } from '../../peer/index.ts'
import { TuttiError } from '../../peer/index.ts'

/** Whether tabs of one browser are to be introduced without a server: `local:` or `local:some-name`. */
export function isLocal(signaling: ConnectOptions['signaling']): signaling is string {
  return typeof signaling === 'string' && signaling.startsWith(localScheme)
}

/** Opens the way that `isLocal` speaks of. Loaded only then: pages with a server do not pay for it. */
export async function openLocal(signaling: string): Promise<Signaling> {
  const name = signaling.slice(localScheme.length)
  const { localSignaling } = await import('../../peer/local/index.ts').catch((cause) => {
    throw new Error('A part of this page could not be loaded: reload it.', { cause })
  })
  try {
    return localSignaling(name === '' ? {} : { name })
  } catch (cause) {
    throw unsupported('Tabs can meet without a server only on a page served by https or from localhost.', cause)
  }
}

/** The reason for which joining failed, in the words of a visitor where it is the browser that can't. */
export function tellVisitor(error: unknown): unknown {
  if (!(error instanceof TuttiError) || error.code !== 'unsupported') return error
  if (error.cause !== undefined || typeof RTCPeerConnection === 'function') return error
  return unsupported(
    'This browser has no WebRTC, or it is switched off: people are connected by it. Try another browser.',
    error,
  )
}

const localScheme = 'local:'

function unsupported(message: string, cause: unknown): TuttiError {
  return new TuttiError('unsupported', message, { cause })
}
