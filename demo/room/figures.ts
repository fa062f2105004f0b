import { css, html, LitElement, type TemplateResult } from 'lit'
import type { Member } from '../../peer/index.ts'
import { colorOf, GroupController, theme } from '../../ui/index.ts'
import { bytes, type Inside, readInside, type Stream } from './inside.ts'
import { Rates } from './rates.ts'

const lookEveryMs = 250

/** Vectors, buffers and rates of the group, as they are now. */
export class DemoFigures extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 2.5rem;
        font-size: 0.8125rem;
        font-variant-numeric: tabular-nums;
      }
      .scroll {
        overflow-x: auto;
        max-width: 100%;
      }
      table {
        border-collapse: collapse;
      }
      caption {
        padding: 0 0 0.25rem;
        color: var(--_muted);
        text-align: start;
      }
      th,
      td {
        padding: 0.2rem 0.75rem 0.2rem 0;
        text-align: end;
        white-space: nowrap;
      }
      th:first-child {
        max-width: 12rem;
        overflow: hidden;
        text-align: start;
        text-overflow: ellipsis;
      }
      thead th {
        color: var(--_muted);
        font-weight: 400;
      }
      tbody tr {
        border-top: 1px solid var(--_line);
      }
      dl {
        display: grid;
        grid-template-columns: max-content max-content;
        align-content: start;
        gap: 0.15rem 1rem;
        margin: 0;
      }
      dt {
        color: var(--_muted);
      }
      dd {
        margin: 0;
        text-align: end;
      }
    `,
  ]

  readonly #tutti = new GroupController(this)
  readonly #rates = new Rates()
  #timer: ReturnType<typeof setInterval> | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    this.#timer = setInterval(() => !document.hidden && this.checkVisibility() && this.requestUpdate(), lookEveryMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#timer)
  }

  protected override render(): TemplateResult {
    const { host } = this.#tutti
    if (host?.group == null || host.phase !== 'joined') return html`<p>Not in a group.</p>`
    const inside = readInside(host.group.inspect())
    this.#rates.note(performance.now(), new Map(inside.streams.map(({ id, delivered }) => [id, delivered])))
    const members = new Map(host.group.view.members.map((member) => [member.id as string, member]))
    return html`
      <div class="scroll">
        <table>
          <caption>Messages of each member in this view, as this one has them</caption>
          <thead>
            <tr>
              <th scope="col">Member</th><th scope="col">received</th><th scope="col">complete</th>
              <th scope="col">delivered</th><th scope="col">per second</th><th scope="col">not stable</th>
            </tr>
          </thead>
          <tbody>${inside.streams.map((stream) => this.#renderStream(stream, members.get(stream.id)))}</tbody>
        </table>
      </div>
      ${renderFacts(inside)}
    `
  }

  #renderStream(stream: Stream, member: Member | undefined): TemplateResult {
    const profile = member && this.#tutti.host!.profileOf(member)
    const { id, received, have, delivered, buffered, bufferedBytes } = stream
    return html`<tr>
      <th scope="row"><bdi style="color: ${colorOf(profile?.color ?? 0)}">${profile?.name ?? id}</bdi></th>
      <td>${received}</td><td>${have}</td><td>${delivered}</td>
      <td>${this.#rates.of(id).toFixed(1)}</td><td>${buffered} (${bytes(bufferedBytes)})</td>
    </tr>`
  }
}

function renderFacts({ facts, counters }: Inside): TemplateResult {
  const list = (entries: readonly (readonly [string, string | number])[]): TemplateResult =>
    html`<dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
  return html`${list(facts)} ${list(counters)}`
}
