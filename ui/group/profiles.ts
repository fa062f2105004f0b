import type { Member } from '../../peer/index.ts'
import { peerOf } from '../peer-of.ts'
import { nameCharactersMax, plainText } from '../plain-text.ts'
import { asColor, colorCount } from '../theme.ts'
import type { Part, PartMessage } from './parts.ts'

export interface Profile {
  readonly name: string
  readonly color: number
}

/**
 * What members call themselves now. They join under one name and may take another one later, by CBCAST. One that was left
 * out and comes back has a new member id and is the same peer still: it keeps its name.
 */
export class Profiles implements Part {
  /** By peer, those who changed longest ago first. */
  readonly #changed = new Map<string, Profile>()

  of(member: Member): Profile {
    return this.#changed.get(peerOf(member)) ?? joinedAs(member)
  }

  /** What to multicast so that all know of a change. */
  value(profile: Profile): { tutti: 'profile'; name: string; color: number } {
    return { tutti: 'profile', name: profile.name, color: profile.color }
  }

  apply({ value, from }: PartMessage): void {
    const { name, color } = value as Partial<Profile>
    const before = this.of(from)
    const peer = peerOf(from)
    this.#changed.delete(peer)
    this.#changed.set(peer, {
      name: plainText(name, nameCharactersMax) || before.name,
      color: asColor(color) ?? before.color,
    })
  }

  /** Forgets those who are gone, but for a few who may come back. */
  keepOnly(members: readonly Member[]): void {
    const present = new Set(members.map(peerOf))
    const gone = [...this.#changed.keys()].filter((peer) => !present.has(peer))
    for (const peer of gone.slice(0, Math.max(0, gone.length - goneMax))) this.#changed.delete(peer)
  }

  save(): [string, string, number][] {
    return [...this.#changed].map(([peer, { name, color }]) => [peer, name, color])
  }

  load(saved: unknown): void {
    this.#changed.clear()
    for (const entry of Array.isArray(saved) ? saved : []) {
      const [peer, name, color] = Array.isArray(entry) ? entry : []
      const [shown, valid] = [plainText(name, nameCharactersMax), asColor(color)]
      if (typeof peer !== 'string' || shown === '' || valid === undefined) continue
      this.#changed.set(peer, { name: shown, color: valid })
    }
  }
}

const goneMax = 64

function joinedAs(member: Member): Profile {
  const { metadata } = member
  const wished = metadata !== null && typeof metadata === 'object' && 'color' in metadata ? metadata.color : undefined
  return {
    name: plainText(member.name, nameCharactersMax) || 'Someone',
    color: asColor(wished) ?? 1 + (hash(peerOf(member)) % (colorCount - 1)),
  }
}

function hash(text: string): number {
  let sum = 0
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)!) >>> 0
  return sum
}
