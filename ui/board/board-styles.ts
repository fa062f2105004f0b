import { css } from 'lit'

export const boardStyles = css`
  :host {
    --_paper: var(--tutti-paper, light-dark(#fffefb, #212329));
    --_desk: var(--tutti-desk, light-dark(#eceae4, #191a1e));
    --_dots: var(--tutti-dots, light-dark(#e6e2d8, #32353d));
    --_tool: var(--tutti-tool-size, 2.125rem);
    display: flex;
    flex-direction: column;
    gap: 0.5rem;
    aspect-ratio: 4 / 3.3;
    min-width: 0;
    min-height: 0;
  }
  .sheet {
    position: relative;
    flex: 1;
    overflow: hidden;
    min-height: 8rem;
    border-radius: var(--_radius);
    box-shadow:
      0 0 0 1px var(--_line),
      0 10px 30px -18px light-dark(rgb(40 30 10 / 35%), rgb(0 0 0 / 80%));
    isolation: isolate;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    border-radius: inherit;
    background:
      radial-gradient(circle at 1px 1px, var(--_dots) 1px, transparent 1.5px) var(--_sheet-x, 0) var(--_sheet-y, 0) /
        var(--_sheet-dots, 25px) var(--_sheet-dots, 25px),
      linear-gradient(var(--_paper), var(--_paper)) var(--_sheet-x, 0) var(--_sheet-y, 0) / var(--_sheet-width, 100%)
        var(--_sheet-height, 100%) no-repeat var(--_desk);
    cursor: crosshair;
    touch-action: none;
  }
  canvas[data-tool='select'] {
    cursor: default;
  }
  canvas[data-tool='text'] {
    cursor: text;
  }
  canvas[data-tool='hand'],
  canvas[data-grip] {
    cursor: grab;
  }
  canvas[data-tool='hand']:active,
  canvas[data-grip]:active {
    cursor: grabbing;
  }
  canvas:focus-visible {
    outline-offset: -2px;
  }
  .text {
    position: absolute;
    field-sizing: content;
    overflow: hidden;
    min-width: 1.5em;
    margin: 0;
    padding: 0;
    border: 0;
    border-radius: 2px;
    background: none;
    font-family: inherit;
    line-height: 1.25;
    outline: 1.5px dashed var(--_accent);
    outline-offset: 4px;
    white-space: pre;
    resize: none;
  }
  .hint {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    margin: 0;
    padding: 1rem;
    color: var(--_muted);
    text-align: center;
    pointer-events: none;
  }
  .hint[hidden] {
    display: none;
  }
  .zoom {
    position: absolute;
    inset-block-end: 0.5rem;
    inset-inline-end: 0.5rem;
    display: flex;
    padding: 0.125rem;
    border-radius: 9px;
    background: color-mix(in srgb, var(--_surface) 88%, transparent);
    box-shadow: 0 0 0 1px var(--_line);
  }
  .tools {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 0.125rem 0.75rem;
  }
  .choice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
  }
  label {
    position: relative;
    display: grid;
    place-items: center;
    width: var(--_tool);
    height: var(--_tool);
    border-radius: 8px;
    cursor: pointer;
  }
  label:has(.ink) {
    width: calc(var(--_tool) - 0.25rem);
  }
  label:has(:disabled) {
    cursor: default;
    opacity: 0.4;
  }
  svg {
    width: 1.25rem;
    height: 1.25rem;
    fill: none;
    stroke: currentcolor;
    stroke-linecap: round;
    stroke-linejoin: round;
    stroke-width: 1.5;
  }
  .turns:dir(rtl) svg {
    scale: -1 1;
  }
  .ink {
    width: 1.125rem;
    height: 1.125rem;
    border-radius: 50%;
    background: var(--ink);
    transition: scale 120ms;
  }
  .nib {
    width: var(--nib);
    height: var(--nib);
    border-radius: 50%;
    background: var(--_muted);
  }
  input:checked + .ink {
    box-shadow:
      0 0 0 3px var(--_sunken),
      0 0 0 5px var(--ink);
    scale: 0.85;
  }
  label:has(svg, .nib):hover {
    background: color-mix(in srgb, var(--_text) 6%, transparent);
  }
  label:has(svg, .nib):has(:checked) {
    background: color-mix(in srgb, var(--_accent) 18%, transparent);
  }
  input:checked + .nib {
    background: var(--_text);
  }
  input:focus-visible + :is(i, svg) {
    outline: 2px solid var(--_accent);
    outline-offset: 5px;
  }
  .zoom button,
  .ends button {
    display: inline-grid;
    place-items: center;
    min-width: var(--_tool);
    height: var(--_tool);
    padding: 0 0.5rem;
    font-size: 0.8125rem;
  }
  .zoom button:has(svg),
  .ends button:has(svg) {
    padding: 0;
  }
  .percent {
    min-width: 3.25rem;
    font-variant-numeric: tabular-nums;
  }
`
