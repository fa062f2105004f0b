import { describe, expect, it } from 'vitest'
import type { Member, MessageId } from '../../peer/index.ts'
import { Profiles } from '../../ui/group/profiles.ts'

describe('a name taken after joining', () => {
  it('stays with a member that is left out and comes back under a new id [FD4]', () => {
    const profiles = new Profiles()
    rename(profiles, member('ada.1'), 'Countess', 3)
    expect(profiles.of(member('ada.1'))).toEqual({ name: 'Countess', color: 3 })
    profiles.keepOnly([member('bo.1')])
    profiles.keepOnly([member('bo.1'), member('ada.2')])
    expect(profiles.of(member('ada.2'))).toEqual({ name: 'Countess', color: 3 })
    expect(profiles.of(member('adam.1'))).toMatchObject({ name: 'adam.1' })
  })

  it('comes back with the state of the others', () => {
    const [theirs, mine] = [new Profiles(), new Profiles()]
    rename(theirs, member('ada.1'), 'Countess', 3)
    mine.load(structuredClone(theirs.save()))
    expect(mine.of(member('ada.2'))).toEqual({ name: 'Countess', color: 3 })
  })

  it('is forgotten at last, but never that of a member', () => {
    const profiles = new Profiles()
    const stays = member('ada.1')
    rename(profiles, stays, 'Countess', 3)
    for (let n = 0; n < 100; n++) rename(profiles, member(`guest${n}.1`), `Guest ${n}`, 1)
    profiles.keepOnly([stays])
    expect(profiles.save()).toHaveLength(65)
    expect(profiles.of(stays).name).toBe('Countess')
    expect(profiles.of(member('guest99.2')).name).toBe('Guest 99')
    expect(profiles.of(member('guest0.2')).name).toBe('guest0.2')
  })
})

it('a colour that nobody chose stays with a member that comes back', () => {
  const profiles = new Profiles()
  for (const peer of ['ada', 'bo', 'cy', 'dee']) {
    expect(profiles.of(member(`${peer}.1`)).color).toBe(profiles.of(member(`${peer}.7`)).color)
  }
})

function rename(profiles: Profiles, from: Member, name: string, color: number): void {
  const id = `l/1/${from.id}/1` as MessageId
  profiles.apply({ id, kind: 'causal', value: profiles.value({ name, color }), from })
}

function member(id: string): Member {
  return { id, name: id, metadata: null, rank: 0 } as unknown as Member
}
