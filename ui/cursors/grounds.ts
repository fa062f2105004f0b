import { type Place, tenths } from './cursor-tracks.ts'
import type { Point } from './own-pointer.ts'

/**
 * A content that each member pans and zooms for itself, as that of `<tutti-board>`: a pointer over it belongs to a place of
 * the content, wherever on the screen that is for others. Its units are about as small as a CSS pixel.
 */
export interface Ground {
  /** Tells it apart from other contents; the same at all members. */
  readonly name: string
  /** What of the content is at a point of the window; undefined: it is not there. */
  placeAt(point: Point): { readonly x: number; readonly y: number } | undefined
  /** Where in the window a place of the content is; undefined: out of sight. */
  pointOf(place: { readonly x: number; readonly y: number }): Point | undefined
}

/** To be dispatched by an element in `<tutti-cursors>`, bubbling and composed, whenever another part of its content is seen. */
export type TuttiGroundEvent = CustomEvent<Ground>

/** What is below the pointers of one page, as far as it moves there. */
export class Grounds {
  readonly #grounds = new Map<string, Ground>()

  add(ground: Ground): void {
    this.#grounds.set(ground.name, ground)
  }

  /** The place of a point on the ground that is there; undefined: none is. */
  placeAt(point: Point): Place | undefined {
    for (const ground of this.#grounds.values()) {
      const place = ground.placeAt(point)
      if (place !== undefined) return { x: tenths(place.x), y: tenths(place.y), on: ground.name }
    }
    return undefined
  }

  /** Where in the window a place on a ground is; undefined: out of sight here. */
  pointOf({ x, y, on }: Place): Point | undefined {
    return on === undefined ? undefined : this.#grounds.get(on)?.pointOf({ x, y })
  }
}

declare global {
  interface HTMLElementEventMap {
    'tutti-ground': TuttiGroundEvent
  }
}
