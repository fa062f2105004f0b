import type { Ground } from '../cursors/grounds.ts'
import type { Viewport } from './viewport.ts'

/**
 * The sheet below pointers: `<tutti-cursors>` shows those of others where they are on it, whatever is seen of it here.
 * `box`: where in the window it is seen.
 */
export function sheetGround(viewport: Viewport, box: () => DOMRect): Ground {
  const isIn = ({ left, right, top, bottom }: DOMRect, x: number, y: number): boolean =>
    x >= left && x < right && y >= top && y < bottom
  return {
    name: 'board',
    placeAt({ clientX, clientY }) {
      const seen = box()
      if (!isIn(seen, clientX, clientY)) return undefined
      const [x, y] = viewport.toSheet(clientX - seen.left, clientY - seen.top)
      return { x, y }
    },
    pointOf({ x, y }) {
      const seen = box()
      const [right, down] = viewport.fromSheet(x, y)
      const point = { clientX: seen.left + right, clientY: seen.top + down }
      return isIn(seen, point.clientX, point.clientY) ? point : undefined
    },
  }
}
