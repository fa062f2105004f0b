import type { Member } from '../../peer/index.ts'
import { nameCharactersMax, plainText } from '../plain-text.ts'
import { asColor, colorCount } from '../theme.ts'
import type { Part, PartMessage } from './parts.ts'

export interface Profile {
  readonly name: string
  readonly color: number
}

/** What members call themselves now. They join under one name and may take another one later, by CBCAST. */
export class Profiles implements Part {
  readonly #changed = new Map<string, Profile>()

  of(member: Member): Profile {
    return this.#changed.get(member.id) ?? joinedAs(member)
  }

  /** What to multicast so that all know of a change. */
  value(profile: Profile): { tutti: 'profile'; name: string; color: number } {
    return { tutti: 'profile', name: profile.name, color: profile.color }
  }

  apply({ value, from }: PartMessage): void {
    const { name, color } = value as Partial<Profile>
    const before = this.of(from)
    this.#changed.set(from.id, {
      name: plainText(name, nameCharactersMax) || before.name,
      color: asColor(color) ?? before.color,
    })
  }

  /** Forgets those who are gone. */
  keepOnly(members: readonly Member[]): void {
    const present = new Set<string>(members.map(({ id }) => id))
    for (const id of this.#changed.keys()) if (!present.has(id)) this.#changed.delete(id)
  }

  save(): [string, string, number][] {
    return [...this.#changed].map(([id, { name, color }]) => [id, name, color])
  }

  load(saved: unknown): void {
    this.#changed.clear()
    for (const entry of Array.isArray(saved) ? saved : []) {
      const [id, name, color] = Array.isArray(entry) ? entry : []
      const valid = asColor(color)
      if (typeof id !== 'string' || valid === undefined) continue
      this.#changed.set(id, { name: plainText(name, nameCharactersMax), color: valid })
    }
  }
}

function joinedAs(member: Member): Profile {
  const { metadata } = member
  const wished = metadata !== null && typeof metadata === 'object' && 'color' in metadata ? metadata.color : undefined
  return {
    name: plainText(member.name, nameCharactersMax) || 'Someone',
    color: asColor(wished) ?? 1 + (hash(member.id) % (colorCount - 1)),
  }
}

function hash(text: string): number {
  let sum = 0
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)!) >>> 0
  return sum
}
