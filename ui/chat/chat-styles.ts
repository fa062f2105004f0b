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
    position: relative;
    margin: 0.5rem -0.5rem 0;
    padding: 0.1rem 0.5rem;
    border-radius: 6px;
    animation: appear 160ms ease-out;
  }
  .line.follows {
    margin-top: 0;
  }
  .line:hover,
  .line:focus-within {
    background: color-mix(in srgb, var(--_text) 4%, transparent);
  }
  .line.marked {
    background: color-mix(in srgb, var(--_accent) 14%, transparent);
  }
  .day,
  .new {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    margin: 0.75rem 0 0.25rem;
    color: var(--_muted);
    font-size: 0.75rem;
    font-weight: 600;
  }
  .day:first-child {
    margin-top: 0;
  }
  .day::before,
  .day::after,
  .new::before {
    flex: 1;
    border-top: 1px solid var(--_line);
    content: '';
  }
  .new {
    color: var(--_accent);
  }
  .new::before {
    border-color: currentcolor;
    opacity: 0.5;
  }
  .quote {
    display: flex;
    gap: 0.4rem;
    width: fit-content;
    max-width: 100%;
    margin: 0.1rem 0;
    padding: 0.05rem 0.5rem;
    border: 0;
    border-inline-start: 2px solid var(--_line);
    border-radius: 0 6px 6px 0;
    color: var(--_muted);
    font-size: 0.8125rem;
    text-align: start;
    white-space: nowrap;
  }
  .quote:dir(rtl) {
    border-radius: 6px 0 0 6px;
  }
  .quote bdi {
    flex: none;
    overflow: hidden;
    max-width: 40%;
    font-weight: 600;
    text-overflow: ellipsis;
  }
  .quote span:last-child {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .gone {
    font-style: italic;
    white-space: normal;
  }
  .reply {
    position: absolute;
    top: -0.5rem;
    display: grid;
    place-items: center;
    width: 1.75rem;
    height: 1.75rem;
    border-color: var(--_line);
    background: var(--_surface);
    color: var(--_muted);
    inset-inline-end: 0.5rem;
    opacity: 0;
  }
  .line:hover .reply,
  .line:focus-within .reply {
    opacity: 1;
  }
  .reply:hover:enabled {
    background: var(--_sunken);
  }
  @media (hover: none) {
    .line {
      padding-inline-end: 2.5rem;
    }
    .reply {
      top: 0;
      border-color: transparent;
      background: none;
      opacity: 0.7;
    }
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
  .below {
    position: relative;
    flex: none;
    min-height: 1.25rem;
    padding: 0 1rem;
  }
  .typing {
    overflow: hidden;
    color: var(--_muted);
    font-size: 0.75rem;
    line-height: 1.25rem;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .unread {
    position: absolute;
    bottom: 100%;
    margin-bottom: 0.25rem;
    padding: 0.15rem 0.75rem;
    border-radius: 1rem;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 0.8125rem;
    font-weight: 600;
    inset-inline-end: 1rem;
  }
  .unread:hover:enabled {
    background: color-mix(in srgb, var(--_accent) 85%, var(--_text));
  }
  .answering {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.5rem;
    padding-block: 0.375rem;
    padding-inline: 1rem 0.625rem;
    border-top: 1px solid var(--_line);
    color: var(--_muted);
    font-size: 0.8125rem;
  }
  .answering p {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .answering bdi {
    font-weight: 600;
  }
  .answering button {
    display: grid;
    flex: none;
    place-items: center;
    width: 1.75rem;
    height: 1.75rem;
  }
  .answering + form {
    border-top: 0;
    padding-top: 0;
  }
  form {
    flex: none;
    align-items: center;
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
    align-self: stretch;
    place-items: center;
    width: 2.5rem;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .send:hover:enabled {
    background: color-mix(in srgb, var(--_accent) 85%, var(--_text));
  }
  svg {
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
