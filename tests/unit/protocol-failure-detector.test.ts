import { describe, expect, it } from 'vitest'
import {
  type Bounds,
  check,
  deadline,
  forgive,
  freshMs,
  heard,
  hint,
  newContact,
  noteWay,
} from '../../peer/membership/failure-detector.ts'
import { isPingDue, newRoundTrip, pinged, ponged, type RoundTrip, timeoutMs } from '../../peer/membership/round-trip.ts'

const BOUNDS: Bounds = {
  heartbeatIntervalMs: 500,
  suspectAfterMs: 12_000,
  suspectAfterHintMs: 2_000,
  probeTimeoutMs: 1_000,
}

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

  it('with a sign is asked about as soon as a heartbeat is missing, and suspected after the short bound and a probe [FD3] [FD2]', () => {
    const contact = newContact(0)
    contact.hinted = true
    expect(check(contact, 499, BOUNDS)).toBeUndefined()
    expect(check(contact, 500, BOUNDS)).toBe('probe')
    expect(check(contact, 1_999, BOUNDS)).toBeUndefined()
    expect(check(contact, 2_000, BOUNDS)).toBe('probe')
    expect(check(contact, 2_999, BOUNDS)).toBeUndefined()
    expect(check(contact, 3_000, BOUNDS)).toBe('suspect')
  })

  it('whose sign comes late is asked about at once [FD3]', () => {
    const contact = newContact(0)
    expect(check(contact, 8_000, BOUNDS)).toBeUndefined()
    contact.hinted = true
    expect(check(contact, 8_000, BOUNDS)).toBe('probe')
    expect(check(contact, 9_000, BOUNDS)).toBe('suspect')
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
    hint(contact, 0)
    check(contact, 2_000, BOUNDS)
    heard(contact, 2_500, BOUNDS)
    expect(contact).toMatchObject({ hinted: false, probedAt: undefined, suspected: false })
    expect(check(contact, 14_499, BOUNDS)).toBeUndefined()
    check(contact, 14_500, BOUNDS)
    check(contact, 15_500, BOUNDS)
    expect(contact.suspected).toBe(true)
    heard(contact, 15_600, BOUNDS)
    expect(contact.suspected).toBe(false)
    expect(deadline(contact, BOUNDS)).toBe(27_600)
  })

  it('is not cleared of a sign by what had left before it: the dead have messages on their way [FD3]', () => {
    const contact = newContact(1_000)
    hint(contact, 1_000)
    heard(contact, 1_030, BOUNDS)
    expect(check(contact, 1_530, BOUNDS)).toBe('probe')
    expect(check(contact, 3_030, BOUNDS)).toBe('probe')
    expect(check(contact, 4_030, BOUNDS)).toBe('suspect')
    heard(contact, 4_100, BOUNDS)
    expect(deadline(contact, BOUNDS)).toBe(16_100)
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
      for (const due of hinted ? ['probe', 'probe', 'suspect'] : ['probe', 'suspect']) {
        const at = deadline(contact, BOUNDS)
        expect(check(contact, at - 1, BOUNDS)).toBeUndefined()
        expect(check(contact, at, BOUNDS)).toBe(due)
      }
    }
  })

  it('whose answers are slow is given more time, and never less than configured [FD2]', () => {
    const quick = newContact(0)
    measure(quick.trip, [20, 20, 20, 20])
    expect(deadline(quick, BOUNDS)).toBe(12_000)
    const slow = newContact(0)
    measure(slow.trip, new Array(40).fill(1_600))
    slow.hinted = true
    expect(freshMs(slow, BOUNDS)).toBeGreaterThanOrEqual(2_100)
    expect(check(slow, 2_050, BOUNDS)).toBeUndefined()
    expect(check(slow, 2_300, BOUNDS)).toBe('probe')
    expect(check(slow, 2_300 + 3_200, BOUNDS)).toBeUndefined()
    expect(check(slow, 2_300 + 3_400, BOUNDS)).toBe('suspect')
  })

  it('reached by way of others is given the time that this takes [FD2]', () => {
    const contact = newContact(0)
    contact.relayedMs = 2_000
    contact.hinted = true
    expect(deadline(contact, BOUNDS)).toBe(3_500)
    expect(check(contact, 3_500, BOUNDS)).toBe('probe')
    expect(deadline(contact, BOUNDS)).toBe(6_500)
  })

  it('is given no more than ten seconds for answers, however late one was [FD3]', () => {
    const contact = newContact(0)
    measure(contact.trip, [20, 60_000])
    contact.relayedMs = 100_000
    contact.hinted = true
    expect(deadline(contact, BOUNDS)).toBe(10_500)
  })

  it('that speaks and cannot be reached is suspected after the long bound, until it can be [FD2] [VW3]', () => {
    const contact = newContact(0)
    const look = (at: number, hasWay: boolean) => {
      contact.firstHandAt = at
      heard(contact, at, BOUNDS)
      return noteWay(contact, hasWay, at, BOUNDS)
    }
    expect(look(1_000, false)).toBe(false)
    expect(look(12_999, false)).toBe(false)
    expect(look(13_000, false)).toBe(true)
    expect(look(13_500, false)).toBe(false)
    expect(contact.deaf).toBe(true)
    expect(look(14_000, true)).toBe(false)
    expect(contact).toMatchObject({ deaf: false, unreachedAt: undefined })
  })

  it('that is silent is not taken for deaf: nobody knows what it hears', () => {
    const contact = newContact(0)
    expect(noteWay(contact, false, 1_000, BOUNDS)).toBe(false)
    for (let at = 2_000; at < 60_000; at += 500) expect(noteWay(contact, false, at, BOUNDS)).toBe(false)
    contact.firstHandAt = 60_000
    expect(noteWay(contact, false, 60_000, BOUNDS)).toBe(false)
  })
})

describe('a round trip', () => {
  it('follows what is observed: the mean slowly, the variation faster [FD2]', () => {
    const trip = newRoundTrip(0)
    expect(timeoutMs(trip)).toBe(0)
    measure(trip, [100])
    expect(trip).toMatchObject({ smoothedMs: 100, variationMs: 50 })
    expect(timeoutMs(trip)).toBe(300)
    measure(trip, [180])
    expect(trip).toMatchObject({ smoothedMs: 110, variationMs: 57.5 })
    measure(trip, new Array(60).fill(100))
    expect(trip.smoothedMs).toBeCloseTo(100, 1)
    expect(timeoutMs(trip)).toBeCloseTo(200, 1)
  })

  it('counts the answer to the last ping only, and once', () => {
    const trip = newRoundTrip(0)
    const first = pinged(trip, 10.75)
    expect(first).toBe(10)
    const second = pinged(trip, 100)
    ponged(trip, first, 110)
    expect(trip.smoothedMs).toBeUndefined()
    ponged(trip, second, 120)
    ponged(trip, second, 900)
    expect(trip.smoothedMs).toBe(20)
  })

  it('counts nothing negative, and nothing that this peer slept through itself [FD1]', () => {
    const contact = newContact(1_000)
    const { trip } = contact
    ponged(trip, pinged(trip, 1_000), 900)
    expect(trip.smoothedMs).toBeUndefined()
    const sentAt = pinged(trip, 2_000)
    forgive(contact, 60_000)
    ponged(trip, sentAt, 62_000)
    expect(trip.smoothedMs).toBeUndefined()
  })

  it('is measured again after an interval, and a lost ping is given up', () => {
    const trip = newRoundTrip(0)
    expect(isPingDue(trip, 1_999, 2_000)).toBe(false)
    expect(isPingDue(trip, 2_000, 2_000)).toBe(true)
    pinged(trip, 2_000)
    expect(isPingDue(trip, 4_000, 2_000)).toBe(false)
    expect(isPingDue(trip, 12_000, 2_000)).toBe(true)
    ponged(trip, 2_000, 2_010)
    expect(isPingDue(trip, 4_000, 2_000)).toBe(true)
  })
})

function measure(trip: RoundTrip, observedMs: readonly number[]): void {
  for (const ms of observedMs) ponged(trip, pinged(trip, 0), ms)
}
