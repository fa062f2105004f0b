import type { ThingKind, TuttiBoard } from '../../ui/index.ts'

type Place = readonly [x: number, y: number]

interface Mark {
  readonly kind: ThingKind
  readonly color: number
  readonly width: number
  readonly points: readonly Place[]
  readonly text?: string
}

/** Draws a boat in the sun on a board, by what a page can do there in a visitor's place. */
export function drawBoat(board: TuttiBoard): void {
  const { color, width } = board
  for (const { kind, points, text, ...style } of boat) {
    Object.assign(board, style)
    board.add(kind, points, text)
  }
  Object.assign(board, { color, width })
}

const [ink, blue, red, violet, amber] = [0, 1, 2, 4, 5]

function line(color: number, from: Place, to: Place): Mark {
  return { kind: 'line', color, width: 14, points: [from, to] }
}

function wave(top: number): Mark {
  const points = Array.from({ length: 50 }, (_, i): Place => [-735 + 30 * i, top + 22 * Math.sin(0.8 * i)])
  return { kind: 'pen', color: blue, width: 14, points }
}

const boat: readonly Mark[] = [
  {
    kind: 'ellipse',
    color: amber,
    width: 30,
    points: [
      [400, -480],
      [600, -280],
    ],
  },
  line(red, [-20, -420], [250, 60]),
  line(red, [250, 60], [-20, 60]),
  line(ink, [-20, 130], [-20, -420]),
  line(ink, [-330, 130], [290, 130]),
  line(ink, [-330, 130], [-240, 280]),
  line(ink, [290, 130], [200, 280]),
  wave(310),
  wave(400),
  { kind: 'text', color: violet, width: 14, points: [[-720, -440]], text: 'At noon, here' },
  {
    kind: 'arrow',
    color: violet,
    width: 7,
    points: [
      [-520, -340],
      [-290, 80],
    ],
  },
]
