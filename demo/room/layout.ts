/** Wide enough for several surfaces beside each other; on a phone there is one at a time, as in style.css. */
export const wide = matchMedia('(width >= 46rem)')
