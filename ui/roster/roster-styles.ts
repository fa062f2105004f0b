import { css } from 'lit'

export const rosterStyles = css`
  :host {
    display: block;
    overflow: auto;
  }
  ul {
    display: flex;
    flex-direction: column;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
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
    width: 1.75rem;
    height: 1.75rem;
    border-radius: 50%;
    background: color-mix(in srgb, var(--color) 16%, transparent);
    color: var(--color);
    font-size: 0.8125rem;
    font-weight: 650;
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
  .silent .avatar {
    border: 1px dashed var(--_muted);
    background: none;
    color: var(--_muted);
  }
  .silent .name {
    color: var(--_muted);
  }
  .silent .notes {
    color: var(--_warn);
  }
  .gone {
    opacity: 0.7;
  }
  .gone .name {
    font-weight: 400;
  }
  .left .name {
    text-decoration: line-through;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
`
