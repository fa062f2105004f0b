import { type Chart, drawChart } from './chart.ts'
import { DELAY_MS } from './group.ts'
import type { GrowthPoint, GrowthResult } from './growth.ts'
import { PAYLOAD_BYTES, RATE_PER_SECOND } from './steady.ts'

interface Column {
  readonly name: string
  readonly value: (point: GrowthPoint) => number | undefined
  readonly digits: number
}

interface Picture {
  readonly file: string
  readonly title: string
  readonly unit: string
  readonly scale: Chart['scale']
  readonly columns: readonly Column[]
  readonly text: string
}

const PICTURES: readonly Picture[] = [
  {
    file: 'metadata.svg',
    title: 'Bytes a message beyond its payload',
    unit: 'bytes a multicast and destination',
    scale: 'linear',
    columns: [
      { name: 'one a turn', value: ({ single }) => single.metadataBytes, digits: 1 },
      { name: 'ten a turn', value: ({ tens }) => tens?.metadataBytes, digits: 1 },
      { name: 'one a turn, with all control', value: ({ single }) => single.allBytes, digits: 1 },
    ],
    text:
      'Stream entries with their vector times, and the frames around them. A sender tells what changed in its vector time since ' +
      'its last multicast: where everyone sends, that grows with the group, and what is multicast in one turn shares it.',
  },
  {
    file: 'buffered.svg',
    title: 'Buffered messages a sender',
    unit: 'peak, over all senders, of own multicasts that are not stable',
    scale: 'linear',
    columns: [{ name: 'one a turn', value: ({ single }) => single.bufferedPeak, digits: 0 }],
    text:
      'Each sender multicasts at the same rate in a group of any size, one in a turn. What it keeps is what it sends in the time ' +
      'until everybody has said that it arrived: two delays, and the time that a status waits.',
  },
  {
    file: 'control.svg',
    title: 'Control messages a delivery',
    unit: 'messages that carry no multicast, over deliveries at others than the sender',
    scale: 'linear',
    columns: [
      { name: 'one a turn', value: ({ single }) => single.controlMessagesADelivery, digits: 2 },
      { name: 'ten a turn', value: ({ tens }) => tens?.controlMessagesADelivery, digits: 2 },
    ],
    text: 'Above all what each member has, so that it need not be kept: told along with the next multicast, or soon.',
  },
  {
    file: 'view-change.svg',
    title: 'Messages a view change',
    unit: 'once a destination, nothing being multicast, means',
    scale: 'log',
    columns: [
      { name: 'one joins', value: ({ change }) => change.join, digits: 0 },
      { name: 'one crashes', value: ({ change }) => change.crash, digits: 0 },
      { name: 'searching for it before', value: ({ change }) => change.search, digits: 0 },
    ],
    text:
      'To agree on the next view takes messages in proportion to the members. Before one that crashed is left out, each member ' +
      'asks others whether they hear it, and what is sent to it tries other ways.',
  },
  {
    file: 'false-causes.svg',
    title: 'Deliveries delayed for a false cause',
    unit: 'per cent of deliveries',
    scale: 'linear',
    columns: [
      { name: 'waited at all', value: ({ single }) => 100 * single.delayedShare, digits: 1 },
      {
        name: 'waited for what they do not answer',
        value: ({ single }) => 100 * single.falselyDelayedShare,
        digits: 1,
      },
    ],
    text:
      'Half of the multicasts say in their payload which one they answer, the others answer none. One that arrived after what it ' +
      'answers, and was still held back, waited for a false cause: something that its sender had delivered and did not mean. ' +
      'Delays are independent from link to link, so that two links are often quicker than one: a real network is kinder.',
  },
]

/** The pictures, by file name. */
export function draw({ points }: GrowthResult): Map<string, string> {
  return new Map(
    PICTURES.map(({ file, title, unit, scale, columns }) => {
      const series = columns.map(({ name, value }) => ({
        name,
        points: points.flatMap((point) => {
          const measured = value(point)
          return measured === undefined ? [] : [{ members: point.members, value: measured }]
        }),
      }))
      return [file, drawChart({ title, unit, scale, series })]
    }),
  )
}

/** The page that shows the pictures and the figures. */
export function describe({ points, rows }: GrowthResult): string {
  const sections = PICTURES.map((picture) =>
    [`## ${picture.title}`, `![${picture.title}](./${picture.file})`, `${picture.text}`, tableOf(picture, points)].join(
      '\n\n',
    ),
  )
  return `${[
    '# Growth',
    INTRODUCTION,
    table(
      ['', 'measured', 'at most', ''],
      rows.map(({ name, value, atMost, ok }) => [name, value.toFixed(2), String(atMost), ok ? 'reached' : 'missed']),
    ),
    ...sections,
    '## How long was measured',
    `${windows(points)} Where everyone multicasts, there are as many deliveries a second as members squared, as many messages that say who has what, and each of those ` +
      'has a number a member: this is what limits how long a large group can be watched, and what a full mesh costs. Ten a ' +
      'turn, with turns ten times rarer, are measured only where that is a second or more. Where it is less than heartbeats ' +
      '(every half second) and pings (every two) are apart, how many of them fall into it is chance: with 256 members all of them ' +
      'did, which is most of the control messages there.',
  ].join('\n\n')}\n`
}

const INTRODUCTION =
  'Written by `npm run bench:growth`. The shipping runtime and engine in the simulator, from one seed: no faults, ' +
  `every link with a delay of its own between ${DELAY_MS.least} and ${DELAY_MS.most} ms that stays the same, everyone linked to everyone. ` +
  `Every member multicasts ${RATE_PER_SECOND} CBCASTs of ${PAYLOAD_BYTES} bytes a second, at any size of the group.`

function tableOf({ columns }: Picture, points: readonly GrowthPoint[]): string {
  return table(
    ['members', ...points.map(({ members }) => String(members))],
    columns.map(({ name, value, digits }) => [name, ...points.map((point) => value(point)?.toFixed(digits) ?? '')]),
  )
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...lines].map((cells) => cells[column]!.length)))
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [head.map(pad), rule, ...lines.map((cells) => cells.map(pad))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function windows(points: readonly GrowthPoint[]): string {
  const lengths = [...new Set(points.map(({ measuredMs }) => measuredMs))]
  const parts = lengths.map((measuredMs) => {
    const sizes = points.filter((point) => point.measuredMs === measuredMs).map(({ members }) => members)
    return `${measuredMs / 1_000} s of virtual time with ${sizes.join(', ')} members`
  })
  return `Under each load ${parts.join('; ')}.`
}
