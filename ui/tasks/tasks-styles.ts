import { css } from 'lit'

export const tasksStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: 0.5rem;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
  }
  .columns {
    display: grid;
    flex: 1;
    grid-auto-columns: minmax(var(--tutti-tasks-column-width, 13rem), 1fr);
    grid-auto-flow: column;
    gap: 0.75rem;
    min-height: 0;
    overflow: auto;
    padding: 3px;
  }
  .columns[inert] {
    opacity: 0.6;
  }
  .column {
    min-width: 0;
    padding: 0.5rem;
    border-radius: calc(var(--_radius) + 2px);
    background: var(--_sunken);
  }
  .title {
    display: flex;
    align-items: baseline;
    gap: 0.5rem;
    margin: 0;
    padding: 0.125rem 0.375rem 0.5rem;
    font-size: 0.875rem;
    font-weight: 600;
  }
  .title bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .count {
    color: var(--_muted);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  .elsewhere {
    background: none;
    box-shadow: inset 0 0 0 1px var(--_line);
  }
  .cards {
    display: grid;
    gap: 0.5rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .card,
  .ghost {
    position: relative;
    padding: 0.5rem 0.625rem 0.375rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    cursor: grab;
    user-select: none;
  }
  .card.editing {
    padding: 0;
    cursor: auto;
    user-select: auto;
  }
  .card.lifted {
    border-color: var(--_accent);
    outline: 3px solid var(--_accent);
    outline-offset: 1px;
    box-shadow: 0 10px 24px -10px light-dark(rgb(40 30 10 / 45%), rgb(0 0 0 / 90%));
  }
  .card.held {
    border-style: dashed;
    border-color: var(--_accent);
    outline: none;
    background: color-mix(in srgb, var(--_accent) 10%, var(--_surface));
  }
  .card.held > * {
    visibility: hidden;
  }
  .card.unsettled .text {
    opacity: 0.55;
    transition: opacity 200ms 250ms;
  }
  .ghost {
    position: fixed;
    inset: 0 auto auto 0;
    z-index: 10;
    overflow: hidden;
    margin: 0;
    box-shadow: 0 12px 28px -8px light-dark(rgb(40 30 10 / 40%), rgb(0 0 0 / 80%));
    cursor: grabbing;
    opacity: 0.95;
    pointer-events: none;
    rotate: 1.5deg;
  }
  .text {
    margin: 0;
    padding-inline-end: 1.25rem;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .handle {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    display: grid;
    place-items: center;
    width: 2rem;
    height: 2.25rem;
    color: var(--_muted);
    touch-action: none;
  }
  .meta {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-height: 1.75rem;
    color: var(--_muted);
    font-size: 0.75rem;
  }
  .by,
  .where {
    display: flex;
    align-items: center;
    gap: 0.375rem;
    min-width: 0;
  }
  .by bdi,
  .where {
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
  .where {
    padding: 0 0.375rem;
    border-radius: 4px;
    background: var(--_sunken);
  }
  .tools {
    display: flex;
    margin-inline-start: auto;
    margin-inline-end: -0.25rem;
  }
  .tools button,
  .notice button:last-child {
    display: grid;
    place-items: center;
    flex: none;
    width: 1.75rem;
    height: 1.75rem;
    padding: 0;
  }
  svg {
    width: 1rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .grip {
    stroke-width: 2;
  }
  textarea {
    display: block;
    width: 100%;
    padding: 0.5rem 0.625rem;
    border: 1px solid var(--_accent);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: inherit;
    font: inherit;
    field-sizing: content;
    resize: vertical;
  }
  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .adder {
    margin-top: 0.5rem;
  }
  .add {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    width: 100%;
    margin-top: 0.375rem;
    padding: 0.375rem;
    color: var(--_muted);
    text-align: start;
  }
  .state {
    margin: 0;
    padding-inline: 0.5rem;
    color: var(--_muted);
    font-size: 0.875rem;
  }
  .waits {
    color: var(--_warn);
  }
  .notices {
    display: grid;
    gap: 0.375rem;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    margin: 0;
    padding-block: 0.25rem;
    padding-inline: 0.75rem 0.25rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    font-size: 0.875rem;
    animation: appear 160ms ease-out;
  }
  .notice span {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .act {
    flex: none;
    padding: 0.25rem 0.625rem;
    color: var(--_accent);
    font-weight: 600;
  }
  @media (hover: hover) {
    .handle,
    .tools {
      opacity: 0;
    }
    .card:is(:hover, :focus-within) :is(.handle, .tools) {
      opacity: 1;
    }
  }
  @container (max-width: 40rem) {
    .columns {
      grid-auto-flow: row;
      grid-auto-columns: auto;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .ghost {
      rotate: none;
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
      translate: 0 4px;
    }
  }
`
