import { css, unsafeCSS } from 'lit'
import { colorOf } from '../theme.ts'

export const spacetimeStyles = css`
  :host {
    --_fifo: var(--tutti-fifo, ${unsafeCSS(colorOf(6))});
    --_causal: var(--tutti-causal, ${unsafeCSS(colorOf(1))});
    --_total: var(--tutti-total, ${unsafeCSS(colorOf(5))});
    --_plain: var(--tutti-plain, var(--_muted));
    --_state: var(--tutti-state, ${unsafeCSS(colorOf(4))});
    --_wedged: var(--tutti-wedged, var(--_warn));
    --_blocked: var(--tutti-blocked, var(--_bad));
    --_names: var(--tutti-spacetime-names, 8rem);
    display: flex;
    flex-direction: column;
    min-width: 0;
    container-type: inline-size;
    background: var(--_surface);
    font-size: 0.8125rem;
  }
  .tools {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.375rem 0.75rem;
    padding: 0.375rem 0.5rem;
  }
  .tools > span {
    display: flex;
    align-items: center;
    gap: 0.25rem;
  }
  .tools button {
    min-height: 1.75rem;
    padding: 0.125rem 0.5rem;
    border-color: var(--_line);
  }
  .tools .held {
    border-color: var(--_accent);
    color: var(--_accent);
  }
  .tools output {
    min-width: 4.5em;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
    text-align: center;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.75rem;
    margin: 0;
    padding: 0;
    border: 0;
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-height: 1.5rem;
    cursor: pointer;
  }
  input {
    flex: none;
    width: 0.9375rem;
    height: 0.9375rem;
    margin: 0;
    accent-color: var(--kind, var(--_accent));
  }
  .fifo {
    --kind: var(--_fifo);
  }
  .causal {
    --kind: var(--_causal);
  }
  .total {
    --kind: var(--_total);
  }
  .plain {
    --kind: var(--_plain);
  }
  .state {
    --kind: var(--_state);
  }
  .swatch {
    width: 0.5rem;
    height: 0.5rem;
    background: var(--kind);
  }
  .causal .swatch,
  .plain .swatch {
    border-radius: 50%;
  }
  .total .swatch {
    rotate: 45deg;
  }
  .save {
    margin-inline-start: auto;
  }
  .picture {
    display: flex;
    flex: 1;
    overflow: hidden auto;
    min-height: 0;
    border-block: 1px solid var(--_line);
  }
  .names {
    flex: none;
    width: var(--_names);
    margin: 0;
    padding: 0;
    border-inline-end: 1px solid var(--_line);
    list-style: none;
  }
  .names li {
    display: flex;
    align-items: center;
    padding-inline: 0.5rem;
  }
  .names label {
    min-width: 0;
    max-width: 100%;
  }
  .names bdi {
    overflow: hidden;
    font-weight: 550;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .names :not(:checked) + bdi {
    color: var(--_muted);
    font-weight: 400;
    text-decoration: line-through;
  }
  .sheet {
    position: relative;
    flex: 1;
    min-width: 0;
  }
  canvas {
    display: block;
    width: 100%;
    touch-action: pan-y;
    cursor: crosshair;
  }
  canvas.held {
    cursor: grab;
  }
  canvas:focus-visible {
    outline-offset: -2px;
  }
  .empty {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    margin: 0;
    padding: 0.5rem;
    color: var(--_muted);
    text-align: center;
    pointer-events: none;
  }
  .tip {
    position: absolute;
    z-index: 1;
    max-width: 18rem;
    padding: 0.375rem 0.5rem;
    border: 1px solid var(--_line);
    border-radius: 6px;
    background: var(--_surface);
    box-shadow: 0 2px 10px rgb(0 0 0 / 18%);
    font-size: 0.75rem;
    overflow-wrap: anywhere;
    pointer-events: none;
  }
  .tip p {
    margin: 0;
  }
  .said {
    flex: none;
    min-height: 3.25rem;
    margin: 0;
    padding: 0.375rem 0.5rem;
    overflow-wrap: anywhere;
  }
  .when {
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .hint {
    color: var(--_muted);
  }
  kbd {
    padding: 0 0.25rem;
    border: 1px solid var(--_line);
    border-radius: 4px;
    font: inherit;
    font-size: 0.6875rem;
  }
  @container (width < 40rem) {
    .names {
      width: min(var(--_names), 5.5rem);
    }
    .names li {
      padding-inline: 0.25rem;
    }
    .names bdi {
      font-size: 0.75rem;
    }
    .keys {
      display: none;
    }
    .said {
      min-height: 4.5rem;
    }
  }
`
