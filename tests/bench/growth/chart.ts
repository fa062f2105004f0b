/** A curve by size of the group. */
export interface Series {
  readonly name: string
  readonly points: readonly { readonly members: number; readonly value: number }[]
}

export interface Chart {
  readonly title: string
  readonly unit: string
  /** `log`: where values go over powers of ten; the others begin at 0. */
  readonly scale: 'linear' | 'log'
  readonly series: readonly Series[]
}

const WIDTH = 640
const HEIGHT = 360
const PLOT = { left: 64, right: 616, top: 84, bottom: 304 } as const
const LEGEND_LEFT = 24
const TICKS = 5
const COLOURS = [
  { name: 'a', light: '#1f5fbf', dark: '#7db0ff' },
  { name: 'b', light: '#b3470f', dark: '#ffa867' },
  { name: 'c', light: '#1d7a4a', dark: '#6fd6a0' },
] as const
const SHAPES = ['', ' stroke-dasharray="7 4"', ' stroke-dasharray="2 4"'] as const

/** The chart as an SVG picture that brings its own background, light or dark as the reader's. */
export function drawChart(chart: Chart): string {
  const { title, unit, series } = chart
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(({ members }) => members)))].sort((a, b) => a - b)
  if (sizes.length < 2) throw new Error(`'${title}' has fewer than two sizes to draw`)
  const x = xScale(sizes)
  const { y, ticks } = yScale(chart)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    STYLE,
    `<rect class="back" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="24" y="30">${escapeXml(title)}</text>`,
    `<text class="note" x="24" y="50">${escapeXml(unit)}</text>`,
    ...ticks.map((tick) => drawTick(tick, y(tick))),
    ...sizes.map((members) => drawSize(members, x(members))),
    `<text class="note" x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 40}" text-anchor="middle">members</text>`,
    ...series.map((one, index) => drawSeries(one, index, x, y)),
    ...(series.length > 1 ? drawLegend(series) : []),
    '</svg>',
    '',
  ].join('\n')
}

type Scale = (value: number) => number

/** Each doubling takes the same room. */
function xScale(sizes: readonly number[]): Scale {
  const first = Math.log2(sizes[0]!)
  const last = Math.log2(sizes.at(-1)!)
  return (members) => PLOT.left + 16 + ((Math.log2(members) - first) / (last - first)) * (PLOT.right - PLOT.left - 32)
}

function yScale({ scale, series }: Chart): { readonly y: Scale; readonly ticks: readonly number[] } {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value))
  const most = Math.max(...values)
  const height = PLOT.bottom - PLOT.top
  if (scale === 'linear') {
    const step = niceStep(most / TICKS)
    const top = Math.max(step, Math.ceil(most / step - 1e-9) * step)
    const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step)
    return { y: (value) => PLOT.bottom - (value / top) * height, ticks }
  }
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)))
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
  return { y: (value) => PLOT.bottom - ((Math.log10(value) - low) / (high - low)) * height, ticks }
}

/** 1, 2 or 5 times a power of ten, at least this. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, Number.MIN_VALUE)))
  return ([1, 2, 5, 10].find((factor) => factor * power >= least - 1e-9) ?? 10) * power
}

function drawTick(value: number, y: number): string {
  return [
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(y)}" y2="${round(y)}"/>`,
    `<text class="note" x="${PLOT.left - 8}" y="${round(y + 4)}" text-anchor="end">${label(value)}</text>`,
  ].join('')
}

function drawSize(members: number, x: number): string {
  const { bottom } = PLOT
  return [
    `<line class="axis" x1="${round(x)}" x2="${round(x)}" y1="${bottom}" y2="${bottom + 5}"/>`,
    `<text class="note" x="${round(x)}" y="${bottom + 20}" text-anchor="middle">${members}</text>`,
  ].join('')
}

function drawSeries({ points }: Series, index: number, x: Scale, y: Scale): string {
  const places = points.map(({ members, value }) => `${round(x(members))},${round(y(value))}`)
  const { name } = COLOURS[index]!
  const dots = places.map((place) => {
    const [cx, cy] = place.split(',')
    return `<circle class="dot ${name}" cx="${cx}" cy="${cy}" r="3.5"/>`
  })
  return `<polyline class="line ${name}"${SHAPES[index]} points="${places.join(' ')}"/>${dots.join('')}`
}

function drawLegend(series: readonly Series[]): string[] {
  const step = (PLOT.right - LEGEND_LEFT) / series.length
  return series.map(({ name }, index) => {
    const x = LEGEND_LEFT + index * step
    const colour = COLOURS[index]!.name
    return [
      `<line class="line ${colour}"${SHAPES[index]} x1="${round(x)}" x2="${round(x + 28)}" y1="68" y2="68"/>`,
      `<text class="note" x="${round(x + 34)}" y="72">${escapeXml(name)}</text>`,
    ].join('')
  })
}

const STYLE = `<style>
.back{fill:#ffffff}.title{font:600 15px system-ui,sans-serif;fill:#1b1f24}.note{font:12px system-ui,sans-serif;fill:#4b5563}
.grid{stroke:#e2e5ea}.axis{stroke:#6b7280}.line{fill:none;stroke-width:2}
${COLOURS.map(({ name, light }) => `.line.${name}{stroke:${light}}.dot.${name}{fill:${light}}`).join('')}
@media (prefers-color-scheme:dark){
.back{fill:#14171c}.title{fill:#e8eaee}.note{fill:#aeb6c2}.grid{stroke:#2b313a}.axis{stroke:#8a93a1}
${COLOURS.map(({ name, dark }) => `.line.${name}{stroke:${dark}}.dot.${name}{fill:${dark}}`).join('')}
}
</style>`

function label(value: number): string {
  if (value !== 0 && (value < 0.001 || value >= 1e6)) return value.toExponential(0)
  return String(Number(value.toPrecision(6)))
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
