import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { GroupController } from '../controllers/group-controller.ts'
import type { GroupHost } from '../group/group-host.ts'
import type { TuttiGroup } from '../group/tutti-group.ts'
import { theme } from '../theme.ts'

/**
 * One line that says where this page stands: joining, how many members, blocked, and what to do.
 *
 * @csspart text - the line
 * @csspart retry - the button that joins again
 * @cssprop --tutti-good - all is well
 * @cssprop --tutti-warn - something is waited for
 * @cssprop --tutti-bad - it can't go on
 */
export class TuttiStatus extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 0.5rem;
        min-width: 0;
        font-size: 0.875rem;
      }
      .lamp {
        flex: none;
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
        background: var(--lamp);
      }
      .waiting {
        animation: breathe 1.4s ease-in-out infinite alternate;
      }
      [part='text'] {
        min-width: 0;
        color: var(--_muted);
        overflow-wrap: break-word;
      }
      button {
        flex: none;
        padding: 0.15rem 0.6rem;
        border-color: var(--_line);
      }
      @keyframes breathe {
        to {
          opacity: 0.3;
        }
      }
    `,
  ]

  readonly #tutti = new GroupController(this)

  protected override render(): TemplateResult {
    const { mood, text, retry } = describe(this.#tutti.host)
    return html`
      <span class="lamp ${mood === 'warn' ? 'waiting' : ''}" style="--lamp: var(--_${mood})" aria-hidden="true"></span>
      <span part="text" role="status">${text}</span>
      ${retry === true ? html`<button part="retry" @click=${this.#rejoin}>Join again</button>` : nothing}
    `
  }

  #rejoin(): void {
    this.closest<TuttiGroup>('tutti-group')?.rejoin()
  }
}

interface Description {
  readonly mood: 'good' | 'warn' | 'bad'
  readonly text: string
  readonly retry?: boolean
}

function describe(host: GroupHost | undefined): Description {
  if (host === undefined) return { mood: 'bad', text: 'Not inside a group.' }
  switch (host.phase) {
    case 'idle':
      return { mood: 'warn', text: 'No room yet.' }
    case 'joining':
      return { mood: 'warn', text: joining(host) }
    case 'failed':
      return { mood: 'bad', text: `Could not join. ${reason(host.error)}`, retry: true }
    case 'left':
      return { mood: 'bad', text: 'You are no longer in the group.', retry: true }
    case 'joined':
      return joined(host)
  }
}

function joining({ peer }: GroupHost): string {
  if (peer?.signaling === 'open') return 'Joining …'
  return peer?.signaling === 'unreachable' ? 'The server is out of reach. Trying again …' : 'Connecting …'
}

function joined({ group, peer }: GroupHost): Description {
  if (group!.status === 'blocked') {
    return { mood: 'warn', text: 'Too many are out of reach. What you do is sent once they are back.' }
  }
  if (group!.status === 'rejoining') return { mood: 'warn', text: 'You were cut off. Coming back …' }
  const count = group!.view.members.length
  const members = count === 1 ? 'Only you, so far' : `${count} members`
  if (peer?.signaling !== 'unreachable') return { mood: 'good', text: members }
  return { mood: 'warn', text: `${members}. Server out of reach, the group goes on.` }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-status': TuttiStatus
  }
}
