/** What a tab keeps over reloads. Where the browser refuses to store anything it is kept by nobody. */
export function remember(name: 'name' | 'color' | 'hood', value: string): void {
  try {
    sessionStorage.setItem(name, value)
  } catch {
    // The next load of the page starts afresh, which is all that is lost.
  }
}

export function remembered(name: Parameters<typeof remember>[0]): string | undefined {
  try {
    return sessionStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}
