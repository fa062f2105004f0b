/** Purpose: the shape of each single line of a trace. Rule TR1. What lines say of each other is in rules/format.ts. */

import type { TraceEvent } from './trace.ts'

const NAME = /^[A-Za-z0-9._~-]{1,64}$/
const MESSAGE_ID = /^([A-Za-z0-9._~-]{1,64})\/(\d{1,15})\/([A-Za-z0-9._~-]{1,64})\/([1-9]\d{0,14})$/

export interface MessageId {
  readonly lineage: string
  readonly number: number
  readonly sender: string
  readonly seq: number
}

/** `lineage/number/sender/seq` taken apart, or undefined if it isn't one. */
export function parseMessageId(id: unknown): MessageId | undefined {
  const parts = typeof id === 'string' ? MESSAGE_ID.exec(id) : null
  if (parts === null) return undefined
  return { lineage: parts[1] ?? '', number: Number(parts[2]), sender: parts[3] ?? '', seq: Number(parts[4]) }
}

/**
 * What is wrong with the fields of one line, or undefined.
 * @param knownIds message ids that were parsed before, so that each is parsed once
 */
export function fieldFault(event: TraceEvent, knownIds: { has(id: string): boolean }): string | undefined {
  const line = event as unknown as Record<string, unknown>
  const shape = SHAPES[event.event]
  if (shape === undefined) return `unknown event '${event.event}'`
  if (!isName(line.peer)) return `'peer' is no member id`
  if (!Number.isFinite(line.t)) return `'t' is no number of milliseconds`
  for (const [field, test] of shape) {
    const value = line[field]
    if (test === isMessageId ? !(knownIds.has(value as string) || isMessageId(value)) : !test(value)) {
      return value === undefined ? `${event.event} without '${field}'` : `${event.event} with a wrong '${field}'`
    }
  }
  if (event.event === 'left') return mergeFault(line)
  return event.event === 'deliver' ? orderFault(line) : undefined
}

type Test = (value: unknown) => boolean

const isName: Test = (value) => typeof value === 'string' && NAME.test(value)
const isText: Test = (value) => typeof value === 'string' && value !== ''
const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isFlag: Test = (value) => typeof value === 'boolean'
const isKind: Test = (value) => value === 'fifo' || value === 'causal' || value === 'total'
const isFate: Test = (value) => value === 'not-sent' || value === 'in-cut' || value === 'unknown'
const isMessageId: Test = (value) => parseMessageId(value) !== undefined
const isNames: Test = (value) => Array.isArray(value) && value.length > 0 && value.every(isName)
const isTexts: Test = (value) => Array.isArray(value) && value.every(isText)
const isMessageIds: Test = (value) => Array.isArray(value) && value.every(isMessageId)
const isBatch: Test = (value) => isText(value) || isCount(value)
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value)

type Shape = readonly (readonly [field: string, test: Test])[]

const VIEW: Shape = [
  ['lineage', isName],
  ['number', isCount],
]
const MARKS: Shape = [
  ['safe', optional(isFlag)],
  ['durable', optional(isFlag)],
  ['keys', optional(isTexts)],
  ['batch', optional(isBatch)],
  ['declared', optional(isFlag)],
  ['replayOf', optional(isMessageId)],
  ['purpose', optional(isText)],
]
const MESSAGE: Shape = [['id', isMessageId], ['kind', isKind], ...MARKS]

const SHAPES: Record<string, Shape | undefined> = {
  install: [...VIEW, ['members', isNames], ['primary', isFlag], ['witness', optional(isText)]],
  multicast: [...MESSAGE, ['bytes', isCount], ['causes', optional(isTexts)]],
  deliver: [...MESSAGE, ...VIEW, ['from', isName]],
  fate: [
    ['id', isMessageId],
    ['fate', isFate],
  ],
  'state-saved': [...VIEW, ['digest', isText]],
  'state-loaded': [...VIEW, ['digest', isText], ['from', isName]],
  suspect: [['of', isName]],
  blocked: [],
  unblocked: [],
  left: [
    ['reason', isText],
    ['into', optional(isName)],
    ['unmerged', optional(isMessageIds)],
    ['replayed', optional(isFlag)],
  ],
  crash: [['leaving', optional(isFlag)]],
}

/** What a merge leaves behind is told whole or not at all, and by one who merged. */
function mergeFault(line: Record<string, unknown>): string | undefined {
  const told = ['into', 'unmerged', 'replayed'].filter((field) => line[field] !== undefined)
  if (told.length === 0) return undefined
  if (line.reason !== 'merged') return `left with what only a merge leaves behind: ${told.join(', ')}`
  return told.length === 3 ? undefined : `left with part of what a merge leaves behind: ${told.join(', ')}`
}

/** Every ABCAST has its place in the order (a keyed one has one per key, and may have none); nothing else has. */
function orderFault(line: Record<string, unknown>): string | undefined {
  const { kind, order, keys } = line
  if (kind !== 'total') return order === undefined ? undefined : `'order' on a delivery that is not total`
  if (order === undefined) return keys === undefined ? `total delivery without 'order'` : undefined
  return isCount(order) && order !== 0 ? undefined : `deliver with a wrong 'order'`
}
