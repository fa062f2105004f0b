import { css } from 'lit'

export const boardStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 0.625rem;
    aspect-ratio: 4 / 3.3;
    min-width: 0;
    min-height: 0;
  }
  .stage {
    display: grid;
    flex: 1;
    min-height: 0;
    place-items: center;
    container-type: size;
  }
  .sheet {
    position: relative;
    overflow: hidden;
    width: min(100cqw, 100cqh * 4 / 3);
    aspect-ratio: 4 / 3;
    border-radius: var(--_radius);
    background: var(--tutti-paper, light-dark(#fffefb, #212329));
    box-shadow:
      0 0 0 1px var(--_line),
      0 10px 30px -18px light-dark(rgb(40 30 10 / 35%), rgb(0 0 0 / 80%));
  }
  canvas {
    display: block;
    width: 100%;
    height: 100%;
    border-radius: inherit;
    cursor: crosshair;
    touch-action: none;
  }
  canvas:focus-visible {
    outline-offset: -2px;
  }
  .hint {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    margin: 0;
    color: var(--_muted);
    pointer-events: none;
  }
  .hint[hidden] {
    display: none;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 0.25rem 1rem;
  }
  .choice {
    display: flex;
    align-items: center;
  }
  label {
    position: relative;
    display: grid;
    place-items: center;
    width: 2rem;
    height: 2.25rem;
    cursor: pointer;
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
    scale: 0.9;
  }
  label:has(.nib) {
    border-radius: 8px;
  }
  label:has(.nib):has(:checked) {
    background: color-mix(in srgb, var(--_text) 9%, transparent);
  }
  input:checked + .nib {
    background: var(--_text);
  }
  input:focus-visible + i {
    outline: 2px solid var(--_accent);
    outline-offset: 6px;
  }
  .ends button {
    padding: 0.35rem 0.75rem;
    font-size: 0.875rem;
  }
`
