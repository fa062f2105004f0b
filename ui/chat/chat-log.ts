import type { Part, PartMessage } from '../group/parts.ts'
import type { Profile } from '../group/profiles.ts'
import { chatCharactersMax, nameCharactersMax, plainText } from '../plain-text.ts'
import { compareStamps, isTime, type Stamp } from '../stamp.ts'
import { asColor } from '../theme.ts'

export interface ChatLine extends Stamp, Profile {
  /** Who wrote it: a member id. */
  readonly from: string
  readonly text: string
  /** When, by the writer's clock: milliseconds since 1970. */
  readonly time: number
}

export interface ChatValue extends Profile {
  readonly tutti: 'chat'
  readonly text: string
  readonly at: number
  readonly time: number
}

/**
 * The lines of a chat, the same at every member: an answer stands below what it answers, and lines written at the same
 * time stand in one order for all. Bounded: the oldest lines go.
 */
export class ChatLog implements Part {
  readonly #changed: () => void
  #lines: ChatLine[] = []
  #clock = 0

  /** @param changed - called after each change */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get lines(): readonly ChatLine[] {
    return this.#lines
  }

  compose(text: string, { name, color }: Profile, time: number): ChatValue {
    this.#clock += 1
    return { tutti: 'chat', text: plainText(text, chatCharactersMax), name, color, at: this.#clock, time }
  }

  apply({ id, value, from }: PartMessage): void {
    const line = readLine({ ...(value as object), id, from: from.id })
    if (line !== undefined) this.#add([line])
  }

  save(): ChatLine[] {
    return [...this.#lines]
  }

  load(saved: unknown): void {
    this.#lines = []
    this.#add((Array.isArray(saved) ? saved : []).map(readLine).filter((line) => line !== undefined))
  }

  #add(lines: readonly ChatLine[]): void {
    for (const { at } of lines) this.#clock = Math.max(this.#clock, at)
    this.#lines = [...this.#lines, ...lines].sort(compareStamps).slice(-linesMax)
    this.#changed()
  }
}

const linesMax = 500
/** The last moment that a Date can hold. */
const dateMax = 8.64e15

function readLine(value: unknown): ChatLine | undefined {
  const { id, from, at, time, text, name, color } = (value ?? {}) as Partial<ChatLine>
  const shown = plainText(text, chatCharactersMax)
  if (typeof id !== 'string' || typeof from !== 'string' || shown === '') return undefined
  if (!isTime(at) || !isTime(time) || time > dateMax) return undefined
  return { id, from, at, time, text: shown, name: plainText(name, nameCharactersMax), color: asColor(color) ?? 0 }
}
