import type { BoardNews } from './board-model.ts'
import type { Thing, ThingKind } from './thing.ts'

/** A thing in words: `rectangle`, `text “Hello”`. */
export function wordsFor({ kind, text }: Thing): string {
  return kind === 'text' ? `text “${shortened(text, 60)}”` : names[kind][0]
}

/** What is on a board, for those who do not see it. */
export function describe(things: readonly Thing[]): string {
  if (things.length === 0) return 'Nothing on the board.'
  const texts = things.filter(({ kind }) => kind === 'text').map(({ text }) => `“${shortened(text, 60)}”`)
  const said =
    texts.length === 0 ? '' : ` Texts: ${texts.slice(0, textsMax).join(', ')}${texts.length > textsMax ? ', …' : ''}.`
  return `On the board: ${countsOf(things)}.${said}`
}

/**
 * Tells what others do, for a screen reader: not each stroke, but every few seconds what came together, a sentence each.
 */
export class Announcer {
  readonly #say: (sentence: string) => void
  readonly #did = new Map<string, Deeds>()
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param say - shows a sentence in an `aria-live` place */
  constructor(say: (sentence: string) => void) {
    this.#say = say
  }

  /** `name`: of who did it. */
  take(name: string, { act, things }: BoardNews): void {
    const deeds = this.#did.get(name) ?? { added: [], moved: new Set(), erased: 0, cleared: false, restored: 0 }
    if (act === 'end') deeds.added.push(...things)
    else if (act === 'move' || act === 'text') for (const { id } of things) deeds.moved.add(id)
    else if (act === 'clear') deeds.cleared = true
    else if (act === 'erase') deeds.erased += things.length
    else if (act === 'restore') deeds.restored += things.length
    else return
    this.#did.set(name, deeds)
    this.#timer ??= setTimeout(() => this.#tell(), everyMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#did.clear()
  }

  #tell(): void {
    this.#timer = undefined
    // What others had erased before is nothing that one sees.
    const sentences = [...this.#did].flatMap(([name, deeds]) => {
      const words = deedsInWords(deeds)
      return words === '' ? [] : [`${name} ${words}.`]
    })
    this.#did.clear()
    if (sentences.length > 0) this.#say(sentences.join(' '))
  }
}

interface Deeds {
  readonly added: Thing[]
  readonly moved: Set<string>
  erased: number
  cleared: boolean
  restored: number
}

const everyMs = 4_000
const textsMax = 5

const names: Readonly<Record<ThingKind, readonly [one: string, many: string]>> = {
  pen: ['stroke', 'strokes'],
  line: ['line', 'lines'],
  arrow: ['arrow', 'arrows'],
  rectangle: ['rectangle', 'rectangles'],
  ellipse: ['ellipse', 'ellipses'],
  text: ['text', 'texts'],
}

function deedsInWords({ added, moved, erased, cleared, restored }: Deeds): string {
  const changed = [...moved].filter((id) => !added.some((thing) => thing.id === id)).length
  const texts = added.filter(({ kind }) => kind === 'text').map(({ text }) => `“${shortened(text, 60)}”`)
  return [
    ...(cleared ? ['cleared the board'] : []),
    ...(added.length > 0
      ? [`added ${countsOf(added)}${texts.length > 0 ? ` ${texts.slice(0, textsMax).join(', ')}` : ''}`]
      : []),
    ...(changed > 0 ? [`changed ${things(changed)}`] : []),
    ...(erased > 0 ? [`erased ${things(erased)}`] : []),
    ...(restored > 0 ? [`brought back ${things(restored)}`] : []),
  ].join(', ')
}

function countsOf(list: readonly Thing[]): string {
  const counts = new Map<ThingKind, number>()
  for (const { kind } of list) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${count} ${names[kind][count === 1 ? 0 : 1]}`).join(', ')
}

function things(count: number): string {
  return count === 1 ? '1 thing' : `${count} things`
}

function shortened(text: string, max: number): string {
  const characters = Array.from(text.replace(/\s+/g, ' '))
  return characters.length <= max ? characters.join('') : `${characters.slice(0, max - 1).join('')}…`
}
