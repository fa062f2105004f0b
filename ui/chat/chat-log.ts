import type { Part, PartMessage } from '../group/parts.ts'
import type { Profile } from '../group/profiles.ts'
import { peerOf } from '../peer-of.ts'
import { chatCharactersMax, nameCharactersMax, plainText } from '../plain-text.ts'
import { clockMax, compareStamps, isTime, type Stamp } from '../stamp.ts'
import { asColor } from '../theme.ts'

export interface ChatLine extends Stamp, Profile {
  /** Who wrote it: a member id. */
  readonly from: string
  readonly text: string
  /** When, by the writer's clock: milliseconds since 1970. */
  readonly time: number
  /** The id of the line that it answers, which may be gone by now. */
  readonly answers?: string
}

export interface ChatValue extends Profile {
  readonly tutti: 'chat'
  /** Names the line among those of its writer: it stays when the line is sent again in another history of the group. */
  readonly key: string
  readonly text: string
  readonly at: number
  readonly time: number
  readonly answers?: string
}

/**
 * The lines of a chat, the same at every member: an answer stands below what it answers, and lines written at the same
 * time stand in one order for all. Bounded: the oldest lines go.
 */
export class ChatLog implements Part {
  readonly #changed: (added: readonly ChatLine[]) => void
  #lines: ChatLine[] = []
  readonly #byId = new Map<string, ChatLine>()
  #clock = 0

  /** @param changed - called after each change, with the line that came; with none after a state was loaded */
  constructor(changed: (added: readonly ChatLine[]) => void) {
    this.#changed = changed
  }

  get lines(): readonly ChatLine[] {
    return this.#lines
  }

  line(id: string): ChatLine | undefined {
    return this.#byId.get(id)
  }

  compose(text: string, { name, color }: Profile, time: number, answers?: string): ChatValue {
    this.#clock = Math.min(this.#clock + 1, clockMax)
    const key = Math.random().toString(36).slice(2, 12)
    const shown = plainText(text, chatCharactersMax)
    const value: ChatValue = { tutti: 'chat', key, text: shown, name, color, at: this.#clock, time }
    return answers === undefined ? value : { ...value, answers }
  }

  apply({ id, value, from }: PartMessage): void {
    const key = (value as Partial<ChatValue>).key
    const isKey = typeof key === 'string' && key !== '' && key.length <= keyCharactersMax
    const line = readLine({ ...(value as object), id: isKey ? `${peerOf(from)}/${key}` : id, from: from.id })
    if (line === undefined || this.#byId.has(line.id)) return
    this.#add([line])
    // One older than all that is kept goes at once.
    if (this.#byId.has(line.id)) this.#changed([line])
  }

  save(): ChatLine[] {
    return [...this.#lines]
  }

  load(saved: unknown): void {
    const lines = (Array.isArray(saved) ? saved : []).map(readLine).filter((line) => line !== undefined)
    this.#lines = []
    this.#byId.clear()
    this.#add([...new Map(lines.map((line) => [line.id, line])).values()])
    this.#changed([])
  }

  #add(lines: readonly ChatLine[]): void {
    for (const line of lines) {
      this.#clock = Math.max(this.#clock, line.at)
      this.#byId.set(line.id, line)
    }
    const all = [...this.#lines, ...lines].sort(compareStamps)
    this.#lines = all.slice(-linesMax)
    for (const { id } of all.slice(0, -linesMax)) this.#byId.delete(id)
  }
}

const linesMax = 500
const keyCharactersMax = 16
const idCharactersMax = 256
/** The last moment that a Date can hold. */
const dateMax = 8.64e15

function readLine(value: unknown): ChatLine | undefined {
  const { id, from, at, time, text, name, color, answers } = (value ?? {}) as Partial<ChatLine>
  const shown = plainText(text, chatCharactersMax)
  if (!isId(id) || !isId(from) || shown === '') return undefined
  if (!isTime(at) || at > clockMax || !isTime(time) || time > dateMax) return undefined
  const writer = { name: plainText(name, nameCharactersMax) || 'Someone', color: asColor(color) ?? 0 }
  return { id, from, at, time, text: shown, ...writer, ...(isId(answers) ? { answers } : {}) }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= idCharactersMax
}
