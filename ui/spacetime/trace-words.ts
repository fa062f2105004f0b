import type { SpacetimeEvent } from './spacetime-event.ts'

/**
 * What members tell each other of their traces. A batch: one member's events, in order. To compare clocks, `ping`: the time
 * at which it was said; `pong`: whose ping is answered, with its time and the times at which it was heard and answered. All
 * in ms of the one who says or heard it.
 */
export type TraceWord =
  | { readonly tutti: 'trace'; readonly member: string; readonly rows: readonly unknown[] }
  | { readonly tutti: 'trace'; readonly ping: number }
  | {
      readonly tutti: 'trace'
      readonly pong: string
      readonly asked: number
      readonly heard: number
      readonly said: number
    }

/** An event as it travels: those that there are many of as a short list, for the id says most of it. */
export function writeRow(event: SpacetimeEvent): unknown {
  if (event.event === 'multicast' && event.purpose === undefined && event.replayOf === undefined) {
    return [0, event.t, event.id, event.kind, event.bytes]
  }
  if (event.event === 'deliver' && event.purpose === undefined) {
    return [1, event.t, event.id, event.kind, event.order ?? 0]
  }
  const { peer: _, group: __, ...rest } = event
  return rest
}

/** An event that another page wrote of its member, or undefined if it is none. */
export function readRow(row: unknown, member: string, group: string): SpacetimeEvent | undefined {
  const body = Array.isArray(row) ? unpack(row) : isRecord(row) ? row : undefined
  const shape = body && typeof body.event === 'string' && Object.hasOwn(shapes, body.event) && shapes[body.event]
  if (!body || !shape || !isTime(body.t)) return undefined
  const fields = Object.entries(shape).map(([name, isRight]) => [name, body[name], isRight] as const)
  if (!fields.every(([, value, isRight]) => isRight(value))) return undefined
  const event = { t: body.t, peer: member, group, event: body.event }
  for (const [name, value] of fields) if (value !== undefined) Object.assign(event, { [name]: value })
  return event as unknown as SpacetimeEvent
}

export function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._~-]{1,64}$/.test(value)
}

export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < 1e15
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function unpack([code, t, id, kind, number]: readonly unknown[]): Record<string, unknown> | undefined {
  if (!isMessage(id)) return undefined
  const [lineage, view, from] = id.split('/')
  if (code === 0) return { t, event: 'multicast', id, kind, bytes: number }
  const order = number === 0 ? undefined : number
  return { t, event: 'deliver', id, kind, from, lineage, number: Number(view), order }
}

type Shape = Readonly<Record<string, (value: unknown) => boolean>>

const kinds: readonly unknown[] = ['fifo', 'causal', 'total']
const fates: readonly unknown[] = ['not-sent', 'in-cut', 'unknown']
const viewShape: Shape = { lineage: isName, number: isCount, members: isNames, primary: isBoolean }
const stateShape: Shape = { lineage: isName, number: isCount, digest: isText }

const shapes: Readonly<Record<string, Shape>> = {
  install: viewShape,
  begin: viewShape,
  multicast: { id: isMessage, kind: isKind, bytes: isCount },
  deliver: { id: isMessage, kind: isKind, from: isName, lineage: isName, number: isCount, order: isOrder },
  fate: { id: isMessage, fate: (value) => fates.includes(value) },
  'state-saved': stateShape,
  'state-loaded': { ...stateShape, from: isName },
  suspect: { of: isName },
  left: { reason: isText },
  blocked: {},
  unblocked: {},
  wedged: {},
  unwedged: {},
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.length <= membersMax && value.every(isName)
}

function isMessage(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._~-]{1,64}\/\d{1,15}\/[A-Za-z0-9._~-]{1,64}\/\d{1,15}$/.test(value)
}

function isKind(value: unknown): boolean {
  return kinds.includes(value)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isOrder(value: unknown): boolean {
  return value === undefined || isCount(value)
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= textMax
}

const membersMax = 1_000
const textMax = 1_000
