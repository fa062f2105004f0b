/** Tells the host of an error that an application's callback threw, as it would tell of one of an event listener. */
export function reportError(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error)
  else queueMicrotask(() => throwAgain(error))
}

function throwAgain(error: unknown): never {
  throw error
}
