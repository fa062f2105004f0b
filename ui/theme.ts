import { css } from 'lit'

const palette = [
  'currentcolor',
  'light-dark(#2b65d0, #7fadff)',
  'light-dark(#c9412c, #ff8b75)',
  'light-dark(#1f7a50, #5cc893)',
  'light-dark(#7545c9, #b795ff)',
  'light-dark(#94620a, #f0b94a)',
  'light-dark(#0b7481, #4ecbd8)',
  'light-dark(#b83276, #f58cbc)',
] as const

/** How many colours a member or a pen can have. Colour 0 is ink, the colour of the text. */
export const colorCount = palette.length

/** The colour of a number as CSS. The page may set it by `--tutti-color-N`. */
export function colorOf(index: number): string {
  return `var(--tutti-color-${index}, ${palette[index] ?? palette[0]})`
}

/** A colour number from outside, or undefined. */
export function asColor(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < colorCount
    ? (value as number)
    : undefined
}

/**
 * What all elements share. A page sets the `--tutti-…` properties; those with an underscore are what the elements read.
 * Light or dark follows the `color-scheme` of the page.
 */
export const theme = css`
  :host {
    --_text: var(--tutti-text, light-dark(#23252b, #e9e7e1));
    --_muted: var(--tutti-muted, light-dark(#696a70, #a09f9b));
    --_surface: var(--tutti-surface, light-dark(#ffffff, #1e2025));
    --_sunken: var(--tutti-sunken, light-dark(#f3f1ec, #17181c));
    --_line: var(--tutti-line, light-dark(#e3e0d8, #33353c));
    --_accent: var(--tutti-accent, light-dark(#2b65d0, #7fadff));
    --_on-accent: var(--tutti-on-accent, light-dark(#ffffff, #14161a));
    --_good: var(--tutti-good, light-dark(#1f7a50, #5cc893));
    --_warn: var(--tutti-warn, light-dark(#94620a, #f0b94a));
    --_bad: var(--tutti-bad, light-dark(#bb3a27, #ff8b75));
    --_radius: var(--tutti-radius, 10px);
    --_font: var(--tutti-font, ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif);
    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--tutti-font-size, 0.9375rem);
    line-height: 1.45;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  button {
    border: 1px solid transparent;
    border-radius: 8px;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
    opacity: 0.4;
  }
  button:hover:enabled {
    background: color-mix(in srgb, var(--_text) 7%, transparent);
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .visually-hidden {
    position: absolute;
    overflow: hidden;
    width: 1px;
    height: 1px;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`
