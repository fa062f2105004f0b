import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit'
import { bothWays } from './links.ts'
import type { Order } from './orders.ts'
import type { Player } from './player.ts'
import { SCRIPT_LIMITS } from './script-words.ts'
import type { LinkState, Name } from './side.ts'

/** What a click on a member or a link does. */
export interface Tools {
  member: MemberTool
  link: LinkTool
}

type MemberTool = 'cbcast' | 'abcast' | 'fbcast' | 'crash' | 'freeze' | 'leave'
type LinkTool = 'cut' | 'delay' | 'lose'

const FREEZE_MS = 400
const LOSE_MS = 100
const DELAY_MS = 300
/** What a link takes that is fast again. */
const FAST_MS = 30
/** Of more members the links lie too close together to hit one. */
const LINKED_MAX = 6
const RADIUS = 41
/** Off the middle, where the diagonals of a group of four or six cross. */
const HANDLE_AT = 0.36

const memberTools: readonly (readonly [MemberTool, string])[] = [
  ['crash', 'crashes it'],
  ['cbcast', 'lets it cbcast'],
  ['abcast', 'lets it abcast'],
  ['fbcast', 'lets it fbcast'],
  ['freeze', `freezes it for ${FREEZE_MS} ms`],
  ['leave', 'lets it leave'],
]
const linkTools: readonly (readonly [LinkTool, string])[] = [
  ['cut', 'cuts or mends it'],
  ['delay', `makes it slow (${DELAY_MS} ms), or fast again`],
  ['lose', `loses all for ${LOSE_MS} ms`],
]

/** The members and their links, to be hit: what is done is done on all sides at once. */
export function handsView(
  player: Player,
  tools: Tools,
  act: (order: Order) => void,
  changed: () => void,
): TemplateResult {
  const { names } = player
  const spots = new Map(names.map((name, index) => [name, spotOf(index, names.length)]))
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const))
  const isLinked = names.length <= LINKED_MAX
  return html`
    <section class="hands" aria-label="Your hands">
      <h2>Your hands</h2>
      <div class="mesh" dir="ltr">
        <svg viewBox="0 0 100 100" aria-hidden="true">
          ${pairs.map(([a, b]) => lineView(spots.get(a)!, spots.get(b)!, linkClass(player, a, b)))}
        </svg>
        ${isLinked ? pairs.map(([a, b]) => linkView(player, tools.link, a, b, spots, act)) : nothing}
        ${names.map((name) => memberView(player, tools.member, name, spots.get(name)!, act))}
      </div>
      <label>A click on a member
        <select @change=${(event: Event) => {
          tools.member = (event.target as HTMLSelectElement).value as MemberTool
          changed()
        }}>${memberTools.map(([value, text]) => html`<option value=${value} ?selected=${value === tools.member}>${text}</option>`)}</select>
      </label>
      ${
        isLinked
          ? html`<label>A click on a link
              <select @change=${(event: Event) => {
                tools.link = (event.target as HTMLSelectElement).value as LinkTool
                changed()
              }}>${linkTools.map(([value, text]) => html`<option value=${value} ?selected=${value === tools.link}>${text}</option>`)}</select>
            </label>`
          : html`<p class="hint">The links of so many members are cut by a script of your own.</p>`
      }
      <p class="row">
        <button type="button" ?disabled=${names.length >= SCRIPT_LIMITS.members}
          @click=${() => act({ do: 'join', who: nextName(names) })}>Let one join</button>
        <button type="button" @click=${() => act({ do: 'heal' })}>Mend all</button>
      </p>
    </section>
  `
}

interface Spot {
  readonly x: number
  readonly y: number
}

/** On a circle, the first on top; in percent. */
function spotOf(index: number, count: number): Spot {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2
  return { x: 50 + RADIUS * Math.cos(angle), y: 50 + RADIUS * Math.sin(angle) }
}

function linkClass(player: Player, a: Name, b: Name): LinkState | 'gone' {
  if (!player.isAlive(a) || !player.isAlive(b)) return 'gone'
  return player.linkState(a, b)
}

function lineView(from: Spot, to: Spot, state: string): SVGTemplateResult {
  return svg`<line class=${state} x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}></line>`
}

function memberView(
  player: Player,
  tool: MemberTool,
  name: Name,
  { x, y }: Spot,
  act: (order: Order) => void,
): TemplateResult {
  const isAlive = player.isAlive(name)
  const what = memberTools.find(([value]) => value === tool)![1]
  // One that is gone keeps the focus of whoever has just made it go.
  return html`<button type="button" class="member" aria-disabled=${isAlive ? 'false' : 'true'} style="left: ${x}%; top: ${y}%"
    aria-label=${isAlive ? `${name}: a click ${what}` : `${name} is gone`} title=${isAlive ? what : 'is gone'}
    @click=${() => {
      if (isAlive) act(memberOrder(tool, name, player))
    }}>${name}</button>`
}

function linkView(
  player: Player,
  tool: LinkTool,
  a: Name,
  b: Name,
  spots: ReadonlyMap<Name, Spot>,
  act: (order: Order) => void,
): TemplateResult | typeof nothing {
  const state = linkClass(player, a, b)
  if (state === 'gone') return nothing
  const [from, to] = [spots.get(a)!, spots.get(b)!]
  const [x, y] = [from.x + (to.x - from.x) * HANDLE_AT, from.y + (to.y - from.y) * HANDLE_AT]
  const what = linkAct(tool, state)
  const isNow = state === 'fine' ? '' : `, ${state}`
  return html`<button type="button" class="link ${state}" style="left: ${x}%; top: ${y}%"
    aria-label="Link of ${a} and ${b}${isNow}: a click ${what}" title="${a}–${b}: ${what}"
    @click=${() => {
      for (const order of linkOrders(tool, a, b, state)) act(order)
    }}></button>`
}

function memberOrder(tool: MemberTool, who: Name, player: Player): Order {
  switch (tool) {
    case 'cbcast':
      return { do: 'cast', kind: 'causal', who, value: player.nextValue() }
    case 'abcast':
      return { do: 'cast', kind: 'total', who, value: player.nextValue() }
    case 'fbcast':
      return { do: 'cast', kind: 'fifo', who, value: player.nextValue() }
    case 'freeze':
      return { do: 'freeze', who, ms: FREEZE_MS }
    default:
      return { do: tool, who }
  }
}

/** What a click on a link in this state does. */
function linkAct(tool: LinkTool, state: LinkState): string {
  switch (tool) {
    case 'cut':
      return state === 'cut' ? 'mends it' : 'cuts it'
    case 'delay':
      return state === 'slow' ? 'makes it fast again' : `makes it slow (${DELAY_MS} ms)`
    case 'lose':
      return `loses all for ${LOSE_MS} ms`
  }
}

function linkOrders(tool: LinkTool, a: Name, b: Name, state: LinkState): Order[] {
  switch (tool) {
    case 'cut':
      return [{ do: state === 'cut' ? 'mend' : 'cut', who: a, to: b }]
    case 'delay': {
      const ms = state === 'slow' ? FAST_MS : DELAY_MS
      return bothWays(a, b).map(([who, to]) => ({ do: 'delay', who, to, ms }))
    }
    case 'lose':
      return bothWays(a, b).map(([who, to]) => ({ do: 'lose', who, to, ms: LOSE_MS }))
  }
}

/** The first letter that nobody has had: there are more of them than members. */
function nextName(names: readonly Name[]): Name {
  return [...'abcdefghijklmnopqrstuvwxyz'].find((letter) => !names.includes(letter))!
}
