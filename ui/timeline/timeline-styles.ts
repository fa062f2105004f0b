import { css, unsafeCSS } from 'lit'
import { colorOf } from '../theme.ts'

export const timelineStyles = css`
  :host {
    display: flex;
    align-items: center;
    gap: 1rem;
    min-width: 0;
    container-type: inline-size;
    font-size: 0.8125rem;
  }
  .tape {
    display: flex;
    flex: 1;
    align-items: center;
    gap: 0.375rem;
    overflow-x: auto;
    min-width: 0;
    height: 2.5rem;
    margin: 0;
    padding: 0 2px;
    list-style: none;
    scrollbar-width: none;
    mask-image: linear-gradient(to right, transparent, black 2rem);
  }
  .tape:dir(rtl) {
    mask-image: linear-gradient(to left, transparent, black 2rem);
  }
  .tape:focus-visible {
    outline-offset: -2px;
    border-radius: 8px;
  }
  li {
    --kind: var(--_muted);
    display: flex;
    flex: none;
    align-items: baseline;
    gap: 0.375rem;
    max-width: 22rem;
    padding: 0.15rem 0.5rem 0.15rem 0.4375rem;
    border-inline-start: 3px solid var(--kind);
    border-radius: 4px;
    background: var(--_surface);
    white-space: nowrap;
    animation: appear 160ms ease-out;
  }
  li:first-child {
    margin-inline-start: auto;
  }
  li bdi {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  li span {
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  li b {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .causal {
    --kind: var(--tutti-causal, ${unsafeCSS(colorOf(1))});
  }
  .total {
    --kind: var(--tutti-total, ${unsafeCSS(colorOf(5))});
  }
  .fifo {
    --kind: var(--tutti-fifo, ${unsafeCSS(colorOf(6))});
  }
  .view {
    --kind: var(--_text);
  }
  li.view {
    border: 1px solid var(--_line);
    background: none;
  }
  li.total b {
    color: var(--kind);
  }
  .note {
    color: var(--_muted);
  }
  .note.bad {
    --kind: var(--_bad);
    color: var(--_bad);
  }
  .legend {
    display: flex;
    flex: none;
    gap: 0.75rem;
    margin: 0;
    color: var(--_muted);
    font-size: 0.75rem;
  }
  .legend span::before {
    display: inline-block;
    width: 0.5rem;
    height: 0.5rem;
    margin-inline-end: 0.3rem;
    border-radius: 2px;
    background: var(--kind);
    content: '';
  }
  @container (width < 36rem) {
    .legend {
      display: none;
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
      translate: 8px 0;
    }
  }
`
