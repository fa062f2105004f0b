import { css } from 'lit'

export const cursorsStyles = css`
  :host {
    position: relative;
    display: block;
  }
  .layer {
    position: absolute;
    z-index: var(--tutti-cursors-layer, 10);
    inset: 0;
    overflow: clip;
    contain: layout style;
    pointer-events: none;
    user-select: none;
  }
  .cursor {
    position: absolute;
    top: 0;
    left: 0;
    will-change: transform;
  }
  .look {
    position: relative;
    animation: appear 160ms ease-out;
  }
  svg {
    position: absolute;
    top: -2px;
    left: -2px;
    width: var(--tutti-cursor-size, 1.25rem);
    height: var(--tutti-cursor-size, 1.25rem);
    fill: var(--color);
    stroke: var(--_surface);
    stroke-width: 1.25;
    stroke-linejoin: round;
    filter: drop-shadow(0 1px 1px rgb(0 0 0 / 0.25));
  }
  .tag {
    position: absolute;
    top: 1rem;
    left: 0.75rem;
    overflow: hidden;
    max-width: 10rem;
    padding: 0.05rem 0.45rem;
    border-radius: 0.5rem;
    background: var(--color);
    font-size: 0.75rem;
    font-weight: 600;
    line-height: 1.4;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tag bdi {
    color: var(--_on-accent);
  }
  .at-right .tag {
    right: 0.25rem;
    left: auto;
  }
  .at-bottom .tag {
    top: auto;
    bottom: 0.25rem;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @media print {
    .layer {
      display: none;
    }
  }
`
