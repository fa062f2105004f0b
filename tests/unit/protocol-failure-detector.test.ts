import { describe, expect, it } from 'vitest'
import { type Bounds, check, deadline, forgive, heard, newContact } from '../../peer/membership/failure-detector.ts'

const BOUNDS: Bounds = { suspectAfterMs: 12_000, suspectAfterHintMs: 2_000, probeTimeoutMs: 1_000 }

describe('a contact', () => {
  it('with no sign is asked about after the long bound, and suspected a probe later [FD3] [FD2]', () => {
    const contact = newContact(100)
    expect(check(contact, 12_099, BOUNDS)).toBeUndefined()
    expect(check(contact, 12_100, BOUNDS)).toBe('probe')
    expect(contact.suspected).toBe(false)
    expect(check(contact, 13_099, BOUNDS)).toBeUndefined()
    expect(check(contact, 13_100, BOUNDS)).toBe('suspect')
    expect(contact.suspected).toBe(true)
  })

  it('with a sign is asked about after the short bound [FD3]', () => {
    const contact = newContact(0)
    contact.hinted = true
    expect(check(contact, 1_999, BOUNDS)).toBeUndefined()
    expect(check(contact, 2_000, BOUNDS)).toBe('probe')
    expect(check(contact, 3_000, BOUNDS)).toBe('suspect')
  })

  it('is never suspected at once, however late the look: others are asked first [FD2]', () => {
    const contact = newContact(0)
    expect(check(contact, 1_000_000, BOUNDS)).toBe('probe')
    expect(check(contact, 1_000_999, BOUNDS)).toBeUndefined()
    expect(check(contact, 1_001_000, BOUNDS)).toBe('suspect')
  })

  it('is asked about once, and suspected once', () => {
    const contact = newContact(0)
    expect(check(contact, 12_000, BOUNDS)).toBe('probe')
    expect(check(contact, 12_000, BOUNDS)).toBeUndefined()
    expect(check(contact, 13_000, BOUNDS)).toBe('suspect')
    expect(check(contact, 99_000, BOUNDS)).toBeUndefined()
    expect(deadline(contact, BOUNDS)).toBe(Number.POSITIVE_INFINITY)
  })

  it('is cleared by any sign of life, hint, probe and suspicion alike [VW7] [FD2]', () => {
    const contact = newContact(0)
    contact.hinted = true
    check(contact, 2_000, BOUNDS)
    heard(contact, 2_500)
    expect(contact).toMatchObject({ hinted: false, probedAt: undefined, suspected: false })
    expect(check(contact, 14_499, BOUNDS)).toBeUndefined()
    check(contact, 14_500, BOUNDS)
    check(contact, 15_500, BOUNDS)
    expect(contact.suspected).toBe(true)
    heard(contact, 15_600)
    expect(contact.suspected).toBe(false)
    expect(deadline(contact, BOUNDS)).toBe(27_600)
  })

  it('is given the time for which this peer slept itself, before and while others are asked [FD1]', () => {
    const contact = newContact(0)
    forgive(contact, 10_000)
    expect(check(contact, 21_999, BOUNDS)).toBeUndefined()
    expect(check(contact, 22_000, BOUNDS)).toBe('probe')
    forgive(contact, 5_000)
    expect(check(contact, 27_999, BOUNDS)).toBeUndefined()
    expect(check(contact, 28_000, BOUNDS)).toBe('suspect')
  })

  it('is due exactly when its deadline says', () => {
    for (const hinted of [false, true]) {
      const contact = newContact(7)
      contact.hinted = hinted
      for (const due of ['probe', 'suspect']) {
        const at = deadline(contact, BOUNDS)
        expect(check(contact, at - 1, BOUNDS)).toBeUndefined()
        expect(check(contact, at, BOUNDS)).toBe(due)
      }
    }
  })
})
