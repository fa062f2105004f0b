import { TuttiError } from '../base/errors.ts'
import { PendingValue } from './blobs.ts'
import { defaultCodec, encodeValue } from './codec.ts'
import type { StateOption } from './types.ts'

/** The application's state, saved and encoded. Rejects with a TuttiError: `state-unavailable`, `not-encodable`, `too-large`. */
export async function saveState<S>(option: StateOption<S>, bytesMax: number): Promise<Uint8Array> {
  const state = await settle(
    () => option.save(),
    'state-unavailable',
    'save failed: another member is asked for its state',
  )
  return writeState(state, bytesMax)
}

/** A state, encoded, with the Blobs and streams in it read. Rejects with a TuttiError: `not-encodable`, `too-large`. */
export async function writeState<S>(state: S, bytesMax: number): Promise<Uint8Array> {
  try {
    const encoded = encodeValue(state, bytesMax)
    const bytes = encoded instanceof PendingValue ? await encoded.finish() : encoded
    if (bytes.length <= bytesMax) return bytes
  } catch (error) {
    const { code, message, cause } = error as TuttiError
    // What is said of multicasts there is not said here.
    if (code !== 'too-large') throw new TuttiError(code, `the saved state: ${message}`, { cause })
  }
  throw new TuttiError('too-large', `the saved state has more than stateBytesMax allows: ${bytesMax} bytes`)
}

/** A state out of its bytes. */
export function readState<S>(bytes: Uint8Array): S {
  return defaultCodec.decode(bytes) as S
}

/** Gives the application a state that another member saved. Rejects with a TuttiError: `state-load-failed`. */
export async function loadState<S>(option: StateOption<S>, bytes: Uint8Array): Promise<void> {
  await settle(
    () => option.load(readState<S>(bytes)),
    'state-load-failed',
    'load failed: this peer can not be a member',
  )
}

async function settle<T>(
  run: () => T | Promise<T>,
  code: 'state-unavailable' | 'state-load-failed',
  message: string,
): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw new TuttiError(code, message, { cause })
  }
}
