import { css } from 'lit'

export const meshStyles = css`
  :host {
    display: block;
    min-width: 0;
    font-size: 0.8125rem;
  }
  svg {
    display: block;
    width: 100%;
    max-height: var(--tutti-mesh-height, 20rem);
    overflow: visible;
  }
  path {
    fill: none;
    stroke: var(--tutti-mesh-link, var(--_line));
    stroke-width: 1;
  }
  .own {
    stroke: var(--tutti-mesh-own, var(--color));
    stroke-width: 2.25;
    stroke-linecap: round;
  }
  .server {
    stroke-dasharray: 10 4;
  }
  .member {
    stroke-width: 1.75;
    stroke-dasharray: 5 4;
  }
  .connecting {
    stroke: var(--_muted);
    stroke-width: 1.5;
    stroke-dasharray: 0.5 5;
  }
  .silent {
    stroke: var(--_bad);
    stroke-width: 1.5;
    stroke-dasharray: 0.5 5;
  }
  circle {
    fill: color-mix(in srgb, var(--color) 16%, var(--_surface));
    stroke: var(--color);
    stroke-width: 1.5;
  }
  .self circle {
    fill: var(--color);
  }
  .self .initial {
    fill: var(--_surface);
  }
  .away circle {
    fill: var(--_surface);
    stroke-dasharray: 3 3;
  }
  text {
    fill: var(--_text);
    stroke: var(--tutti-mesh-ground, var(--_surface));
    stroke-width: 7px;
    stroke-linejoin: round;
    font-size: 12px;
    text-anchor: middle;
    paint-order: stroke;
  }
  .initial {
    fill: var(--color);
    stroke: none;
    font-weight: 650;
    dominant-baseline: central;
  }
  .label {
    fill: var(--_muted);
    /* '3 ms' is no 'ms 3' on a page that reads from the right. */
    direction: ltr;
    font-size: 11px;
    font-variant-numeric: tabular-nums;
    dominant-baseline: central;
  }
  .label.unheard {
    fill: var(--_bad);
  }
  .alone {
    margin: 0;
    color: var(--_muted);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.25rem 1rem;
    margin: 0.5rem 0 0;
    padding: 0;
    color: var(--_muted);
    font-size: 0.75rem;
    list-style: none;
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 0.375rem;
  }
  .legend svg {
    width: 1.75rem;
    height: 0.5rem;
  }
  .legend .own {
    stroke: var(--_muted);
  }
  .legend .silent {
    stroke: var(--_bad);
  }
  .frame {
    position: relative;
  }
`
