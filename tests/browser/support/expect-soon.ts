import { expect as base } from 'playwright/test'

/**
 * Playwright's `expect`, but that `poll` looks more often: what is waited for mostly comes within a few frames, and steps of
 * up to a second would be a good part of a test's time.
 */
export const expect: typeof base = new Proxy(base, {
  get: (target, key) => (key === 'poll' ? poll : Reflect.get(target, key)),
})

const intervals = [20, 40, 80, 160, 250]

const poll: typeof base.poll = (actual, options) =>
  base.poll(actual, { intervals, ...(typeof options === 'string' ? { message: options } : options) })
