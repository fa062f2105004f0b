/** Text that tries to get out of its place: markup, marks that turn what is around them, control characters, and too much of all. */
export const hostileText = `<img src=x onerror="document.title='broken'">\u202Eevil\u2066\u0000${'x'.repeat(10_000)}`
