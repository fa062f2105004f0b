import { html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { GroupController } from '../controllers/group-controller.ts'
import type { GroupHost } from '../group/group-host.ts'
import type { Profile } from '../group/profiles.ts'
import { plainText } from '../plain-text.ts'
import { initial } from '../roster/roster-entries.ts'
import { colorOf, theme } from '../theme.ts'
import { isSameMesh, type Mesh, type MeshLink, readMesh, type Way } from './mesh-model.ts'
import { meshStyles } from './mesh-styles.ts'
import { height, labelOf, nodeRadius, type Point, pathOf, placesOf, width } from './ring.ts'

/** No event tells of round trips, so they are looked at. */
const lookEveryMs = 1_000

/**
 * Who is linked to whom: the members in a ring, this one at the bottom, with a line for each way from here and the round
 * trip in ms; thin lines are the links between others, as far as they told of them. The same as a table for screen
 * readers. Looked at once a second.
 *
 * @csspart picture - the drawing
 * @csspart legend - what the lines mean
 * @csspart table - the table for screen readers
 * @cssprop --tutti-color-0 … --tutti-color-7 - colours of the members, and of the ways to them
 * @cssprop --tutti-mesh-own - one colour for all ways from here
 * @cssprop --tutti-mesh-link - links between others
 * @cssprop --tutti-mesh-ground - what the drawing stands on
 * @cssprop --tutti-mesh-height - the drawing is no higher
 */
export class TuttiMesh extends LitElement {
  static override styles = [theme, meshStyles]

  readonly #tutti = new GroupController(this)
  #mesh: Mesh = unknownMesh
  #timer: ReturnType<typeof setInterval> | undefined

  /** What is shown. */
  get mesh(): Mesh {
    return this.#mesh
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#timer)
  }

  protected override willUpdate(): void {
    this.#mesh = this.#read()
  }

  protected override render(): TemplateResult {
    const { host } = this.#tutti
    const members = host?.group?.view.members ?? []
    if (host?.group == null || host.phase !== 'joined') {
      return html`<p class="alone">${host?.phase === 'joining' ? 'Joining …' : 'Not in a group.'}</p>`
    }
    if (members.length < 2) return html`<p class="alone">Only you are here: there is nobody to be linked to.</p>`
    const people = members.map((member) => host.profileOf(member))
    return html`<div class="frame">
      ${this.#renderPicture(people)} ${renderLegend(this.#mesh.own)} ${this.#renderTable(people)}
    </div>`
  }

  #renderPicture(people: readonly Profile[]): TemplateResult {
    const { self, own, others } = this.#mesh
    const places = placesOf(people.length, self)
    const radius = nodeRadius(people.length)
    const away = new Set(own.filter(({ way }) => way === 'silent').map(({ to }) => to))
    return html`<svg part="picture" viewBox="0 0 ${width} ${height}" aria-hidden="true">
      ${others.map((link) => svg`<path d=${pathOf(link, places)} />`)}
      ${own.map((link) => renderLine(link, places, people[link.to]!))}
      ${own.map((link) => renderLabel(link, places))}
      ${people.map((person, rank) => {
        const kind = rank === self ? 'self' : away.has(rank) ? 'away' : ''
        return renderPerson(person, places[rank]!, radius, kind)
      })}
    </svg>`
  }

  #renderTable(people: readonly Profile[]): TemplateResult {
    const { self, own, others } = this.#mesh
    const name = (rank: number): string => (rank === self ? 'You' : (people[rank]?.name ?? ''))
    return html`<table part="table" class="visually-hidden">
      <caption>Who is linked to whom</caption>
      <thead>
        <tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Way</th><th scope="col">Round trip</th></tr>
      </thead>
      <tbody>
        ${[...own, ...others].map(
          ({ from, to, way, via, roundTripMs }) => html`<tr>
            <td>${name(from)}</td><td>${name(to)}</td>
            <td>${via === undefined ? ways[way] : `through ${name(via)}`}</td>
            <td>${roundTripMs === undefined ? 'not known' : `${Math.round(roundTripMs)} ms`}</td>
          </tr>`,
        )}
      </tbody>
    </table>`
  }

  #look(): void {
    if (document.visibilityState === 'visible' && !isSameMesh(this.#read(), this.#mesh)) this.requestUpdate()
  }

  #read(): Mesh {
    const { host } = this.#tutti
    return host === undefined ? unknownMesh : meshOf(host)
  }
}

const unknownMesh: Mesh = { self: -1, own: [], others: [] }

const ways: Record<Way, string> = {
  direct: 'direct',
  server: 'through a TURN server',
  member: 'through another member',
  connecting: 'connecting',
  silent: 'does not answer',
}

function meshOf({ group, peer }: GroupHost): Mesh {
  if (group === null || peer === undefined) return unknownMesh
  return readMesh({ members: group.view.members, links: peer.links, inspection: group.inspect() })
}

function renderLine(link: MeshLink, places: readonly Point[], { color }: Profile): TemplateResult {
  return svg`<path class="own ${link.way}" style="--color: ${colorOf(color)}" d=${pathOf(link, places)} />`
}

function renderLabel(link: MeshLink, places: readonly Point[]): TemplateResult | typeof nothing {
  const { way, roundTripMs } = link
  const { x, y } = labelOf(link, places)
  const text = way === 'silent' ? 'no answer' : roundTripMs === undefined ? '' : `${Math.round(roundTripMs)} ms`
  return text === ''
    ? nothing
    : svg`<text class="label ${way === 'silent' ? 'unheard' : ''}" x=${x} y=${y}>${text}</text>`
}

function renderPerson({ name, color }: Profile, { x, y }: Point, radius: number, kind: string): TemplateResult {
  return svg`<g class=${kind} style="--color: ${colorOf(color)}">
    <circle cx=${x} cy=${y} r=${radius} />
    <text class="initial" x=${x} y=${y}>${initial(name)}</text>
    <text x=${x} y=${y + radius + 14}>${plainText(name, radius > 10 ? 16 : 8)}</text>
  </g>`
}

/** What the lines mean: those that there mostly are, and those that there are now. */
function renderLegend(own: readonly MeshLink[]): TemplateResult {
  const shown = meanings.filter(([way, , isAlways]) => isAlways || own.some((link) => link.way === way))
  return html`<ul part="legend" class="legend" aria-hidden="true">
    ${shown.map(
      ([way, text]) => html`<li><svg viewBox="0 0 28 8"><path class="own ${way}" d="M2 4H26" /></svg>${text}</li>`,
    )}
  </ul>`
}

const meanings: readonly (readonly [way: Way, text: string, isAlways: boolean])[] = [
  ['direct', 'direct', true],
  ['server', 'through a server', false],
  ['member', 'through another', true],
  ['connecting', 'connecting', false],
  ['silent', 'no answer', true],
]

declare global {
  interface HTMLElementTagNameMap {
    'tutti-mesh': TuttiMesh
  }
}
