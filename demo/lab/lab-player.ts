import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { TuttiSpacetime } from '../../ui/index.ts'
import { addressOf, isSeed, SEED_MAX } from './address.ts'
import { Diagram } from './diagram.ts'
import { handsView, type Tools } from './hands.ts'
import { LabEditor } from './lab-editor.ts'
import type { Order } from './orders.ts'
import { Player } from './player.ts'
import type { Scenario } from './scenario.ts'
import { sideView } from './side-view.ts'

const speeds = [
  ['slow', 'Slow', 25],
  ['normal', 'Normal', 9],
  ['fast', 'Fast', 3],
] as const
type Speed = (typeof speeds)[number][0]

/** A frame that comes late, as in a tab that was hidden, does not make up for all of the time. */
const FRAME_MAX_MS = 100

/** A scenario under way: its sides, the clock, and the visitor's hands. */
export class LabPlayer extends LitElement {
  static override properties = {
    scenario: { attribute: false },
    seed: { type: Number },
  }

  declare scenario: Scenario
  declare seed: number

  #player: Player | undefined
  #diagrams: readonly Diagram[] = []
  #begun = 0
  #isPlaying = false
  #speed: Speed = 'normal'
  #tools: Tools = { member: 'crash', link: 'cut' }
  #frame = 0
  #lastFrameMs = 0

  /** The page's own style reaches in: the lab is one page, not a part for others. */
  protected override createRenderRoot(): this {
    return this
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#pause()
    this.requestUpdate()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('scenario') && !changed.has('seed')) return
    this.#pause()
    this.#player = new Player(this.scenario.sides, this.seed)
    this.#diagrams = this.scenario.sides.map(({ title }) => new Diagram(title, this.scenario.isTerse ?? false))
    this.#begun = 0
    // Who wants no motion sees the end, and may step from the beginning.
    if (wantsMotion()) this.#isPlaying = true
    else this.#player.seek(this.#player.lengthMs)
  }

  protected override render(): TemplateResult {
    const player = this.#player!
    return html`
      ${this.#renderControls(player)}
      <div class="stage">
        ${handsView(
          player,
          this.#tools,
          (order) => this.#act(order),
          () => this.requestUpdate(),
        )}
        ${this.scenario.sides.map((side, index) => sideView(this.scenario, side, player.runs[index]!, player.isOver, this.#diagrams[index]!))}
      </div>
      ${this.#renderScript(player)}
    `
  }

  protected override updated(): void {
    this.#draw()
    if (this.#isPlaying && this.#frame === 0) this.#play()
  }

  #renderControls(player: Player): TemplateResult {
    const { lengthMs, nowMs, isOver } = player
    const time = `${Math.round(nowMs)} of ${Math.round(lengthMs)} ms`
    return html`
      <div class="bar">
        <div class="controls" role="group" aria-label="Time">
          <button type="button" class="main" @click=${this.#toggle}>${this.#isPlaying ? 'Pause' : isOver ? 'Play again' : 'Play'}</button>
          <button type="button" aria-disabled=${isOver ? 'true' : 'false'} @click=${this.#step} title="To where something happens next">Step</button>
          <button type="button" @click=${this.#restart} title="From the beginning, without what you did">Restart</button>
          <input type="range" min="0" max=${Math.ceil(lengthMs)} .value=${String(Math.round(nowMs))} aria-label="Time of the run"
            aria-valuetext=${time} @input=${this.#seek} />
          <output aria-live="off">${time}</output>
        </div>
        <div class="settings" role="group" aria-label="Run">
          <label>Speed
            <select @change=${(event: Event) => {
              this.#speed = (event.target as HTMLSelectElement).value as Speed
            }}>${speeds.map(([value, text]) => html`<option value=${value} ?selected=${value === this.#speed}>${text}</option>`)}</select>
          </label>
          <label>Seed
            <input type="number" min="1" max=${SEED_MAX} .value=${String(this.seed)} @change=${this.#reseed} />
          </label>
          <button type="button" @click=${this.#otherSeed} title="The same with other delays">Another seed</button>
        </div>
      </div>
    `
  }

  #renderScript(player: Player): TemplateResult | typeof nothing {
    const script = player.toScript()
    if (this.scenario.name === 'own') {
      if (!player.isTouched) return nothing
      return html`<p><a href=${addressOf('own', { seed: this.seed, script })}>Take what you did by hand into the script</a></p>`
    }
    const scripted = this.scenario.sides.map(({ title, script }) => ({ title, script }))
    const isSame = scripted.every((side) => side.script === scripted[0]!.script)
    return html`
      <details class="script">
        <summary>The script of this run</summary>
        ${(isSame ? scripted.slice(-1) : scripted).map(
          ({ title, script }) =>
            html`${isSame ? nothing : html`<h3>${title}</h3>`}<pre tabindex="0" dir="ltr">${script}</pre>`,
        )}
        <p><a href=${addressOf('own', { seed: this.seed, script })}>Go on from here in a scenario of your own</a>, with what you did by
          hand. What its members compute stays here; the messages and the faults are the same.</p>
      </details>
    `
  }

  /** On every side; what happens in answer is seen when time goes on. */
  #act(order: Order): void {
    const player = this.#player!
    // After the end nothing would come of it; a run that was paused stays so.
    if (player.isOver && wantsMotion()) this.#isPlaying = true
    player.order(order)
    // An order of its own moment is carried out with the next.
    player.advance(1)
    this.requestUpdate()
  }

  readonly #toggle = (): void => {
    if (this.#isPlaying) this.#pause()
    else {
      if (this.#player!.isOver) this.#player!.seek(0)
      this.#isPlaying = true
    }
    this.requestUpdate()
  }

  readonly #step = (): void => {
    this.#pause()
    this.#player!.step()
    this.requestUpdate()
  }

  readonly #restart = (): void => {
    this.#player!.restart()
    this.requestUpdate()
  }

  readonly #seek = (event: Event): void => {
    this.#pause()
    this.#player!.seek(Number((event.target as HTMLInputElement).value))
    this.requestUpdate()
  }

  readonly #reseed = (event: Event): void => {
    const input = event.target as HTMLInputElement
    const seed = Number(input.value)
    if (isSeed(seed)) this.#takeSeed(seed)
    else input.value = String(this.seed)
  }

  readonly #otherSeed = (): void => this.#takeSeed((this.seed % SEED_MAX) + 1)

  /** The address names the seed, so that it can be passed on. */
  #takeSeed(seed: number): void {
    const address = new URL(location.href)
    address.searchParams.set('seed', String(seed))
    history.replaceState(null, '', address)
    this.seed = seed
  }

  #play(): void {
    this.#lastFrameMs = performance.now()
    const beat = (nowMs: number): void => {
      const player = this.#player!
      const tookMs = Math.min(Math.max(nowMs - this.#lastFrameMs, 0), FRAME_MAX_MS)
      this.#lastFrameMs = nowMs
      player.advance((tookMs / 1_000) * this.#paceMs(player))
      if (player.isOver) this.#pause()
      else this.#frame = requestAnimationFrame(beat)
      this.requestUpdate()
    }
    this.#frame = requestAnimationFrame(beat)
  }

  /** Milliseconds of the run in a second of the visitor's. */
  #paceMs({ lengthMs }: Player): number {
    const seconds = speeds.find(([speed]) => speed === this.#speed)![2]
    return lengthMs / seconds
  }

  #pause(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#isPlaying = false
  }

  #draw(): void {
    const player = this.#player!
    if (player.beginnings !== this.#begun) {
      this.#begun = player.beginnings
      for (const diagram of this.#diagrams) diagram.clear()
    }
    for (const [index, diagram] of this.#diagrams.entries()) {
      if (!diagram.isThere) continue
      diagram.draw(player.takeEvents(index), player.names, player.nowMs, player.lengthMs)
    }
  }
}

function wantsMotion(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches
}

/** Registers the elements of the lab. */
export function defineLab(): void {
  customElements.define('tutti-spacetime', TuttiSpacetime)
  customElements.define('lab-player', LabPlayer)
  customElements.define('lab-editor', LabEditor)
}
