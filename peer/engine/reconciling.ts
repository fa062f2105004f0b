import type { Delivered } from '../ordering/delivery.ts'
import { received } from '../ordering/message-log.ts'
import { count, tell } from './core.ts'
import { isWindowOpen } from './flow.ts'
import type { Input } from './io.ts'
import { dropSending, mayLeave, sendOf } from './sending.ts'
import type { AbcastPlace, Core, CurrentView } from './state.ts'

/**
 * Bringing in a state made out of two (PT4): one who was in a lineage that is over asks everyone to stop sending; once all
 * have, and all have delivered the same, its application makes one state out of both, and everyone takes it where that
 * ABCAST has its place. So nothing is between the state and what follows it, whatever the order of concurrent messages.
 * A view change ends a pause; it is then asked for anew.
 */

/** References of its own multicasts: nobody asked for them. */
const NO_REF = Number.MIN_SAFE_INTEGER
const NOTHING = new Uint8Array()

/** The application wants to reconcile two states. */
export function askToReconcile(core: Core): void {
  core.state.reconciling ??= { phase: 'wanted', number: 0, pause: undefined, state: undefined }
}

/** The application has made one state out of two; undefined: it could not, and the group goes on as it is. */
export function onReconciled(
  core: Core,
  current: CurrentView,
  { question, state }: Extract<Input, { type: 'reconciled' }>,
): void {
  const { reconciling } = core.state
  // After a view change it is asked again, and what was computed for the one before lacks what came since.
  if (reconciling?.phase !== 'computing' || question !== questionOf(core, current)) return
  reconciling.phase = 'computed'
  reconciling.state = state
}

/** Takes the next step, if it is time for one. True if something was sent. */
export function driveReconciling(core: Core, current: CurrentView): boolean {
  const { reconciling } = core.state
  if (reconciling === undefined) return false
  const { number } = current.view
  if (reconciling.number !== number) Object.assign(reconciling, { phase: 'wanted', number, pause: undefined })
  switch (reconciling.phase) {
    case 'wanted':
      if (current.pausedBy !== undefined || !mayLeave(current, 'total')) return false
      count(core, 'pause')
      reconciling.phase = 'pausing'
      sendOf(core, current, { ref: NO_REF, kind: 'total', payload: NOTHING }, 'pause')
      return true
    case 'pausing':
      if (!isQuiet(current, reconciling.pause)) return false
      reconciling.phase = 'computing'
      tell(core, { type: 'reconcile', question: questionOf(core, current) })
      return false
    case 'computed': {
      if (!isWindowOpen(core, current)) return false
      // A value that was in parts when all paused is sent afterwards, from its beginning on: the state may go in parts, too.
      if (current.sending?.ref !== NO_REF) dropSending(core, current)
      const { state } = reconciling
      const purpose = state === undefined ? 'resume' : 'state'
      const sent = sendOf(core, current, { ref: NO_REF, kind: 'total', payload: state ?? NOTHING }, purpose)
      if (sent === 'all') reconciling.phase = 'sent'
      return sent !== 'waits'
    }
    default:
      return false
  }
}

/** Takes note of a step that was delivered here. */
export function noteDelivered(core: Core, current: CurrentView, { rank, cast, payload, order }: Delivered): void {
  const { reconciling } = core.state
  const isOwn = rank === current.rank && reconciling !== undefined
  if (cast.purpose === 'pause') {
    if (current.pausedBy === undefined) {
      current.pausedBy = rank
      if (isOwn) reconciling.pause = placeOf(current, order!)
    } else if (isOwn && current.pausedBy !== rank) reconciling.phase = 'wanted'
    return
  }
  if (current.pausedBy !== rank) return
  current.pausedBy = undefined
  current.resumedAfter = placeOf(current, order!)
  if (isOwn) core.state.reconciling = undefined
  if (cast.purpose !== 'state') return
  count(core, 'reconciled')
  tell(core, { type: 'load-merged', from: current.view.members[rank]!, state: payload })
}

/** Whether an fbcast may leave: it waits for nothing at its receivers, and must not get ahead of the state that is to come. */
export function mayOvertake(current: CurrentView): boolean {
  if (current.resumedAfter === undefined) return true
  if (!isDeliveredByAll(current, current.resumedAfter)) return false
  current.resumedAfter = undefined
  return true
}

function questionOf({ state }: Core, { view }: CurrentView): string {
  return `${state.self}/${view.number}`
}

/** Whether all have delivered this member's pause, and this member all that they had sent before. */
function isQuiet(current: CurrentView, pause: AbcastPlace | undefined): boolean {
  const { log, members } = current
  if (pause === undefined || !isDeliveredByAll(current, pause)) return false
  const isAllHere = members.every(({ have }) => have.every((end, rank) => log.streams[rank]!.delivered >= end))
  return isAllHere && log.streams.every((stream) => stream.delivered === received(stream))
}

function placeOf({ log }: CurrentView, order: number): AbcastPlace {
  return { order, delivered: log.streams.map((stream) => stream.delivered) }
}

/** Whether all others have the order up to that place, and all that goes before it is complete there: then it is delivered. */
function isDeliveredByAll({ members, rank: self }: CurrentView, { order, delivered }: AbcastPlace): boolean {
  return members.every(
    ({ orderLength, have }, rank) =>
      rank === self || (orderLength >= order && delivered.every((end, stream) => have[stream]! >= end)),
  )
}
