import { css } from 'lit'

export const rosterStyles = css`
  :host {
    --_size: var(--tutti-avatar-size, 1.75rem);
    display: block;
    overflow: auto;
  }
  ol {
    display: flex;
    flex-direction: column;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, auto) minmax(0, 1fr) auto;
    align-items: center;
    gap: 0.5rem;
    padding: 0.25rem 0;
    animation: appear 200ms ease-out;
  }
  .joining {
    margin: 0;
    padding: 0.25rem 0;
    color: var(--_muted);
  }
  .avatar {
    display: grid;
    place-items: center;
    width: var(--_size);
    height: var(--_size);
    border: 1px solid transparent;
    border-radius: 50%;
    background: color-mix(in srgb, var(--color) 16%, var(--_surface));
    color: var(--color);
    font-size: calc(var(--_size) * 0.46);
    font-weight: 650;
    line-height: 1;
  }
  .self .avatar {
    border-color: currentcolor;
  }
  .name {
    overflow: hidden;
    font-weight: 550;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .notes {
    overflow: hidden;
    color: var(--_muted);
    font-size: 0.8125rem;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .crown {
    width: 0.9rem;
    fill: var(--_warn);
  }
  .silent .avatar,
  .failed .avatar {
    border: 1px dashed var(--_muted);
    background: var(--_surface);
    color: var(--_muted);
  }
  .silent .name {
    color: var(--_muted);
  }
  .silent .notes {
    color: var(--_warn);
  }
  .gone .avatar {
    opacity: 0.6;
  }
  .gone .name {
    color: var(--_muted);
    font-weight: 400;
  }
  .left .name {
    text-decoration: line-through;
  }
  :host([compact]) {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    overflow: visible;
  }
  :host([compact][hidden]) {
    display: none;
  }
  :host([compact]) ol {
    flex-direction: row;
    padding-inline-start: calc(var(--_size) * 0.2);
  }
  :host([compact]) li {
    display: block;
    margin-inline-start: calc(var(--_size) * -0.2);
    padding: 0;
  }
  :host([compact]) .avatar {
    box-shadow: 0 0 0 2px var(--_surface);
  }
  :host([compact]) :is(.name, .notes) {
    position: absolute;
    width: 1px;
    height: 1px;
    clip-path: inset(50%);
  }
  :host([compact]) .crown {
    position: absolute;
    top: calc(var(--_size) * -0.22);
    right: 0;
    left: 0;
    width: calc(var(--_size) * 0.42);
    margin-inline: auto;
    filter: drop-shadow(0 0 1px var(--_surface));
  }
  .more .avatar {
    background: var(--_sunken);
    color: var(--_text);
    font-size: calc(var(--_size) * 0.4);
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
`
