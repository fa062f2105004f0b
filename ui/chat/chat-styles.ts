import { css } from 'lit'

export const chatStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 12rem;
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .log {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 0.75rem 1rem;
    border-radius: var(--_radius);
  }
  .log:focus-visible {
    outline-offset: -2px;
  }
  .empty {
    margin: 0;
    color: var(--_muted);
  }
  .line {
    margin-top: 0.7rem;
    animation: appear 160ms ease-out;
  }
  .line:first-of-type {
    margin-top: 0;
  }
  .line.follows {
    margin-top: 0.1rem;
  }
  .by {
    display: flex;
    align-items: baseline;
    gap: 0.5rem;
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .by bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  time {
    color: var(--_muted);
    font-size: 0.75rem;
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  p {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  form {
    display: flex;
    gap: 0.5rem;
    padding: 0.625rem;
    border-top: 1px solid var(--_line);
  }
  input {
    flex: 1;
    min-width: 0;
    padding: 0.5rem 0.75rem;
    border: 1px solid transparent;
    border-radius: 8px;
    background: var(--_sunken);
    color: inherit;
    font: inherit;
  }
  input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .send {
    display: grid;
    place-items: center;
    width: 2.5rem;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .send:hover:enabled {
    background: color-mix(in srgb, var(--_accent) 85%, var(--_text));
  }
  .send svg {
    width: 1rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  @keyframes appear {
    from {
      opacity: 0;
      translate: 0 4px;
    }
  }
`
