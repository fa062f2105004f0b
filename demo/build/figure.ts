import { escapeHtml } from './html.ts'

/**
 * Draws a space-time figure as SVG from a short text: time goes from left to right, each member is a line, each
 * multicast a dot with an arrow to every delivery. One command a line, times in units of the figure's `length`:
 *
 *     members Ada, Bo, Cy
 *     length 12
 *     view 0 "view 1"                        a bar across all members; `view 6 "view 2" Ada, Bo` across these
 *     life Cy 3 7                            Cy's line goes from 3 to 7 only
 *     crash Cy 7                             a cross, where the line ends
 *     wedge 5 6 Ada, Bo                      nobody of these sends
 *     causal Ada 1 > Bo 2, Cy 4/6 "text"     reaches Cy at 4 and is delivered at 6; `Cy 4!` is lost on its way
 *     note Bo 5 "text"                       below Bo's line
 *
 * One whose sender is among its receivers is delivered there then, and not when it is sent.
 * Instead of `causal`: `total`, `fifo`, `plain` or `state`. Colours come from the page's sheet, by class.
 * Throws an Error that names the line that makes no sense.
 */
export function drawFigure(text: string, label: string): string {
  const figure = readFigure(text)
  const height = top + rowHeight * figure.members.length
  const parts = [
    ...figure.members.map((member) => drawLine(figure, member)),
    ...figure.wedges.map((wedge) => drawWedge(figure, wedge)),
    ...figure.views.map((view) => drawView(figure, view)),
    ...figure.messages.map((message) => drawMessage(figure, message)),
    ...figure.crashes.map(([member, time]) => drawCrash(figure, member, time)),
    ...figure.notes.map(({ member, time, text }) => drawText('note', x(figure, time), y(figure, member) + 19, text)),
  ]
  return `<svg class="figure" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">${parts.join('')}</svg>`
}

type Kind = 'causal' | 'total' | 'fifo' | 'plain' | 'state'

interface Arrival {
  readonly member: string
  readonly at: number
  /** Later than `at` where it has to wait; undefined where it is lost. */
  readonly deliveredAt: number | undefined
}

interface Message {
  readonly kind: Kind
  readonly from: string
  readonly at: number
  readonly to: readonly Arrival[]
  readonly text: string
}

interface Figure {
  members: readonly string[]
  length: number
  readonly views: { at: number; text: string; members: readonly string[] }[]
  readonly wedges: { from: number; to: number; members: readonly string[] }[]
  readonly lives: Map<string, readonly [number, number]>
  readonly crashes: [string, number][]
  readonly messages: Message[]
  readonly notes: { member: string; time: number; text: string }[]
}

const width = 720
const left = 64
const right = 20
const top = 22
const rowHeight = 62
const kinds: readonly string[] = ['causal', 'total', 'fifo', 'plain', 'state']

function readFigure(text: string): Figure {
  const figure: Figure = {
    members: [],
    length: 12,
    views: [],
    wedges: [],
    lives: new Map(),
    crashes: [],
    messages: [],
    notes: [],
  }
  for (const line of text.split('\n').map((each) => each.trim())) if (line !== '') readCommand(figure, line)
  return figure
}

function readCommand(figure: Figure, line: string): void {
  const [, command = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(line) ?? []
  const [, body = '', text = '', after = ''] = /^([^"]*)(?:"([^"]*)"(.*))?$/.exec(rest) ?? []
  const words = body.trim().split(/\s+/)
  const members = (list: string): readonly string[] => (list.trim() === '' ? figure.members : names(list))
  if (command === 'members') figure.members = names(body)
  else if (command === 'length') figure.length = number(body, line)
  else if (command === 'view') figure.views.push({ at: number(body, line), text, members: members(after) })
  else if (command === 'life') figure.lives.set(words[0]!, [number(words[1], line), number(words[2], line)])
  else if (command === 'crash') figure.crashes.push([words[0]!, number(words[1], line)])
  else if (command === 'note') figure.notes.push({ member: words[0]!, time: number(words[1], line), text })
  else if (command === 'wedge') {
    const list = words.slice(2).join(' ')
    figure.wedges.push({ from: number(words[0], line), to: number(words[1], line), members: members(list) })
  } else if (kinds.includes(command)) figure.messages.push(readMessage(command as Kind, body, text, line))
  else throw new Error(`a figure has no such line: ${line}`)
}

function readMessage(kind: Kind, body: string, text: string, line: string): Message {
  const [source = '', targets = ''] = body.split('>')
  const [from = '', at] = source.trim().split(/\s+/)
  const to = names(targets).map((target): Arrival => {
    const [, member, time, delivered, lost] = /^(\S+) ([\d.]+)(?:\/([\d.]+))?(!)?$/.exec(target) ?? []
    if (member === undefined) throw new Error(`a figure has no such arrival: ${line}`)
    return { member, at: number(time, line), deliveredAt: lost ? undefined : number(delivered ?? time, line) }
  })
  return { kind, from, at: number(at, line), to, text }
}

function names(list: string): readonly string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function number(word: string | undefined, line: string): number {
  const value = Number(word)
  if (word === undefined || !Number.isFinite(value)) throw new Error(`a figure needs a number here: ${line}`)
  return value
}

function x({ length }: Figure, time: number): number {
  return Math.round((left + ((width - left - right) * time) / length) * 10) / 10
}

function y({ members }: Figure, member: string): number {
  const row = members.indexOf(member)
  if (row < 0) throw new Error(`a figure has no member ${member}`)
  return top + rowHeight * (row + 0.5)
}

function drawLine(figure: Figure, member: string): string {
  const [from, to] = figure.lives.get(member) ?? [0, figure.length]
  const at = y(figure, member)
  return `<text class="member" x="4" y="${at + 5}">${escapeHtml(member)}</text><path class="line" d="M${x(figure, from)} ${at}H${x(figure, to)}"/>`
}

function drawView(figure: Figure, { at, text, members }: Figure['views'][number]): string {
  const place = x(figure, at)
  const rows = members.map((member) => y(figure, member))
  const [first, last] = [Math.min(...rows) - 30, Math.max(...rows) + 16]
  return `<path class="view" d="M${place} ${first}V${last}"/>${drawText('view-name', place + 2, first - 6, text, 'start')}`
}

function drawWedge(figure: Figure, { from, to, members }: Figure['wedges'][number]): string {
  return members
    .map((member) => {
      const [start, end] = [x(figure, from), x(figure, to)]
      return `<rect class="wedge" x="${start}" y="${y(figure, member) - 11}" width="${end - start}" height="22"/>`
    })
    .join('')
}

function drawMessage(figure: Figure, { kind, from, at, to, text }: Message): string {
  const start = { x: x(figure, at), y: y(figure, from) }
  const arrows = to.map((arrival) => drawArrival(figure, start, arrival)).join('')
  const above = to.every(({ member }) => y(figure, member) >= start.y)
  const label = drawText('said', start.x, start.y + (above ? -10 : 21), text)
  // What its sender delivers later, like everybody else, is not delivered where it is sent.
  const dot = to.some(({ member }) => member === from) ? 'arrived' : 'dot'
  return `<g class="${kind}">${arrows}<circle class="${dot}" cx="${start.x}" cy="${start.y}" r="5"/>${label}</g>`
}

function drawArrival(figure: Figure, start: { x: number; y: number }, { member, at, deliveredAt }: Arrival): string {
  const end = { x: x(figure, at), y: y(figure, member) }
  if (deliveredAt === undefined) {
    const [mx, my] = [start.x + (end.x - start.x) * 0.6, start.y + (end.y - start.y) * 0.6]
    return `<path class="arrow lost" d="M${start.x} ${start.y}L${mx} ${my}"/>${cross(mx, my, 5)}`
  }
  const delivered = x(figure, deliveredAt)
  const waits =
    delivered === end.x
      ? ''
      : `<path class="waits" d="M${end.x} ${end.y}H${delivered}"/><circle class="arrived" cx="${end.x}" cy="${end.y}" r="4"/>`
  return `<path class="arrow" d="M${start.x} ${start.y}L${end.x} ${end.y}"/>${waits}<circle class="dot" cx="${delivered}" cy="${end.y}" r="5"/>`
}

function drawCrash(figure: Figure, member: string, time: number): string {
  return cross(x(figure, time), y(figure, member), 8)
}

function cross(cx: number, cy: number, r: number): string {
  return `<path class="cross" d="M${cx - r} ${cy - r}L${cx + r} ${cy + r}M${cx + r} ${cy - r}L${cx - r} ${cy + r}"/>`
}

function drawText(kind: string, at: number, base: number, text: string, anchor = 'middle'): string {
  if (text === '') return ''
  return `<text class="${kind}" x="${at}" y="${base}" text-anchor="${anchor}">${escapeHtml(text)}</text>`
}
