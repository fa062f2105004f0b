/** No group comes near this many rounds in one view: whoever names a higher ballot talks nonsense. */
export const BALLOT_MAX = 2 ** 44
