import type { Moment } from './line.ts'
import type { Stage } from './stage.ts'
import { zoomStep } from './tools.ts'
import { across, along, extreme, follow, type Ground } from './walk.ts'

export interface KeyWishes {
  choose(moment: Moment | undefined): void
  /** Holds the picture, or lets it go on. */
  toggle(): void
}

/** What each key does on the picture, by `KeyboardEvent.key`. */
export function actsByKey(stage: Stage, { choose, toggle }: KeyWishes): Readonly<Record<string, () => void>> {
  const walk = (step: (ground: Ground, from: Moment) => Moment | undefined): void => {
    const { ground } = stage
    choose(stage.walk((from) => step(ground, from)))
  }
  /** 1: to the right, wherever time runs. */
  const walkAlong = (side: 1 | -1): void =>
    walk((ground, from) => along(ground, from, (side === 1) === stage.isMirrored ? -1 : 1))
  /** Half a picture forth or back in time. */
  const page = (direction: 1 | -1): void => stage.scroll((stage.isMirrored ? -0.5 : 0.5) * direction * stage.width)
  return {
    ArrowLeft: () => walkAlong(-1),
    ArrowRight: () => walkAlong(1),
    ArrowUp: () => walk((ground, from) => across(ground, from, -1)),
    ArrowDown: () => walk((ground, from) => across(ground, from, 1)),
    Enter: () => walk(follow),
    Home: () => choose(extreme(stage.ground, 'first')),
    End: () => choose(extreme(stage.ground, 'last')),
    Escape: () => choose(undefined),
    PageUp: () => page(-1),
    PageDown: () => page(1),
    '+': () => stage.zoom(1 / zoomStep),
    '=': () => stage.zoom(1 / zoomStep),
    '-': () => stage.zoom(zoomStep),
    ' ': toggle,
  }
}
