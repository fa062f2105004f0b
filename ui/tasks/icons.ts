import { html } from 'lit'

export const pencilIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="m3 13 .7-3 6.8-6.8 2.3 2.3L6 12.3z" /></svg>`
export const crossIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="m4 4 8 8m0-8-8 8" /></svg>`
export const plusIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 3v10M3 8h10" /></svg>`
/** Six dots: this can be taken hold of. */
export const gripIcon = html`<svg class="grip" viewBox="0 0 16 16" aria-hidden="true"><path d="M6 4h0M10 4h0M6 8h0m4 0h0M6 12h0m4 0h0" /></svg>`
