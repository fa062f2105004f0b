import { TuttiError } from '../../peer/base/errors.ts'

/** The TuttiError that a call throws. */
export function errorOf(run: () => unknown): TuttiError {
  try {
    run()
  } catch (error) {
    return tuttiError(error)
  }
  throw new Error('nothing was thrown')
}

/** The TuttiError that a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<TuttiError> {
  try {
    await promise
  } catch (error) {
    return tuttiError(error)
  }
  throw new Error('nothing was thrown')
}

function tuttiError(error: unknown): TuttiError {
  if (error instanceof TuttiError) return error
  throw error
}
