import { TuttiError } from '../base/errors.ts'
import { defaultCodec } from './codec.ts'
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

/** A state, encoded. Throws a TuttiError: `not-encodable`, `too-large`. */
export function writeState<S>(state: S, bytesMax: number): Uint8Array {
  const bytes = defaultCodec.encode(state)
  if (bytes.length > bytesMax) {
    throw new TuttiError('too-large', `the saved state has ${bytes.length} bytes; stateBytesMax is ${bytesMax}`)
  }
  return bytes
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
