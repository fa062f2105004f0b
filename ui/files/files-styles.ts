import { css } from 'lit'

export const filesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 0.625rem;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
  }
  .drop {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.75rem;
    padding: 0.875rem 1rem;
    border: 1.5px dashed color-mix(in srgb, var(--_text) 28%, transparent);
    border-radius: var(--_radius);
    background: var(--_sunken);
    transition:
      background 120ms,
      border-color 120ms;
  }
  .drop.over {
    border-color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 14%, var(--_sunken));
  }
  .choose {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.4375rem 0.875rem;
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
  }
  .choose:hover:enabled {
    background: color-mix(in srgb, var(--_accent) 85%, var(--_text));
  }
  .or {
    color: var(--_muted);
  }
  .limits {
    margin-inline-start: auto;
    color: var(--_muted);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }
  @media (hover: none) {
    .or {
      display: none;
    }
  }
  @container (max-width: 32rem) {
    .limits {
      flex-basis: 100%;
      margin: 0;
    }
  }
  .refusals {
    display: flex;
    align-items: start;
    gap: 0.5rem;
    padding: 0.5rem;
    padding-inline-start: 0.875rem;
    border-radius: var(--_radius);
    border: 1px solid color-mix(in srgb, var(--_bad) 45%, transparent);
    background: color-mix(in srgb, var(--_bad) 8%, var(--_surface));
    font-size: 0.875rem;
  }
  .refusals ul {
    display: grid;
    flex: 1;
    gap: 0.25rem;
    min-width: 0;
    margin: 0;
    padding: 0.1875rem 0;
    list-style: none;
    overflow-wrap: anywhere;
  }
  .none {
    margin: 0;
    padding-inline: 0.25rem;
    color: var(--_muted);
  }
  .list {
    margin: 0;
    padding: 0;
    overflow: auto;
    border-radius: var(--_radius);
    background: var(--_surface);
    list-style: none;
  }
  .file {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.375rem 0.75rem;
    padding: 0.5rem 0.625rem;
    animation: appear 160ms ease-out;
  }
  .file + .file {
    border-top: 1px solid var(--_line);
  }
  .thumb {
    flex: none;
    width: 2.5rem;
    height: 2.5rem;
    border-radius: 6px;
    background: var(--_sunken);
    object-fit: cover;
  }
  .sheet {
    display: grid;
    place-items: center;
    width: 2.375rem;
    margin-inline: 0.0625rem;
    border-start-end-radius: 12px;
    box-shadow: inset 0 0 0 1px var(--_line);
    color: var(--_muted);
    font-size: 0.5625rem;
    font-weight: 700;
  }
  .about {
    display: grid;
    flex: 1;
    min-width: 8rem;
    line-height: 1.35;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .meta {
    display: flex;
    align-items: center;
    gap: 0.25rem 0.75rem;
    min-width: 0;
    color: var(--_muted);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }
  .warn {
    color: var(--_warn);
  }
  .by {
    display: flex;
    align-items: center;
    gap: 0.375rem;
    min-width: 0;
  }
  .by bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .by i {
    flex: none;
    width: 0.5rem;
    height: 0.5rem;
    border-radius: 50%;
  }
  progress {
    width: 100%;
    height: 0.3125rem;
    margin-top: 0.25rem;
    overflow: hidden;
    border: none;
    border-radius: 1rem;
    background: color-mix(in srgb, var(--_text) 12%, transparent);
    accent-color: var(--_accent);
    appearance: none;
  }
  progress::-webkit-progress-bar {
    background: transparent;
  }
  progress::-webkit-progress-value {
    border-radius: 1rem;
    background: var(--_accent);
    transition: inline-size 120ms linear;
  }
  progress::-moz-progress-bar {
    border-radius: 1rem;
    background: var(--_accent);
  }
  .actions,
  .question {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    margin-inline-start: auto;
    font-size: 0.875rem;
  }
  .question button {
    padding: 0.3125rem 0.625rem;
  }
  .question .sure {
    color: var(--_bad);
    font-weight: 600;
  }
  .action,
  .refusals button {
    display: grid;
    place-items: center;
    flex: none;
    width: 2.125rem;
    height: 2.125rem;
    padding: 0;
    border-radius: 8px;
    color: inherit;
  }
  .refusals button {
    width: 1.75rem;
    height: 1.75rem;
  }
  .action:hover {
    background: color-mix(in srgb, var(--_text) 7%, transparent);
  }
  svg {
    width: 1.0625rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.5;
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
