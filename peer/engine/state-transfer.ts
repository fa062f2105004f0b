import type { MemberId, PeerId } from '../base/ids.ts'
import { peerOf } from '../base/ids.ts'
import { acknowledge, hurry, newOutgoing, nextChunks, outgoingDeadline, rewind } from '../transfer/provider.ts'
import { newIncoming, takeChunk, wholeState } from '../transfer/receiver.ts'
import type { Message } from '../wire/messages.ts'
import { bad, count, send, takeWithheld } from './core.ts'
import type { Input } from './io.ts'
import { sendStatus } from './repair.ts'
import type { Core, CurrentView } from './state.ts'

/**
 * State transfer in the engine: begun where a view begins, gone on with over later views, begun anew when the provider
 * is gone. A joiner takes part in the protocol meanwhile; what its application may not see yet is withheld.
 */

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>

/** Called at the boundary at which `current` begins; `announce` tells the application of the view. */
export function beginTransfers(core: Core, current: CurrentView, announce: () => void): void {
  const { state, config } = core
  takePart(core, current, announce)
  const mine = current.transfers.filter(({ provider }) => provider === state.self)
  const fresh = mine.filter(({ boundary }) => boundary === current.view.number).map(({ member }) => member)
  for (const [boundary, outgoing] of state.outgoing) {
    for (const member of outgoing.receivers.keys()) {
      const goesOn = mine.some((transfer) => transfer.member === member && transfer.boundary === boundary)
      if (!goesOn) outgoing.receivers.delete(member)
    }
    if (outgoing.receivers.size === 0) state.outgoing.delete(boundary)
  }
  if (fresh.length === 0) return
  const { lineage, number } = current.view
  state.outgoing.set(number, newOutgoing(number, fresh, core.now + config.saveTimeoutMs))
  count(core, 'save')
  core.out.push({ type: 'save', lineage, number })
}

/** The taking side at a boundary: begins, begins anew, or goes on. */
function takePart(core: Core, current: CurrentView, announce: () => void): void {
  const { state } = core
  const transfer = current.transfers.find(({ member }) => member === state.self)
  if (transfer === undefined || state.withState) {
    // Nothing to load in a group without state: a joiner is complete at once. And one that has loaded since it promised
    // is; the others learn it from its next status.
    if (!state.hasState) state.withState = true
    announce()
    return
  }
  const { boundary, provider } = transfer
  // A state that is being loaded stays good: what was delivered since its boundary follows it.
  if (state.incoming?.boundary === boundary || state.incoming?.loading) {
    announce()
    return
  }
  if (state.incoming !== undefined) {
    count(core, 'new-provider')
    // The views in between were entered; their messages are part of the state to come.
    for (const output of takeWithheld(core)) if (output.type === 'install') core.out.push(output)
  }
  state.incoming = undefined
  announce()
  state.incoming = newIncoming(boundary, provider, core.now + core.config.suspectAfterHintMs)
  current.members[current.rank]!.needsState = false
}

export function onSaved(core: Core, { number, state: bytes }: Extract<Input, { type: 'saved' }>): void {
  const outgoing = core.state.outgoing.get(number)
  if (outgoing === undefined || outgoing.state !== undefined) return
  if (bytes === undefined) return failSave(core, number)
  outgoing.state = bytes
  for (const member of outgoing.receivers.keys()) sendChunks(core, number, member)
}

/** Lets those who wait for this state look for another provider. */
function failSave(core: Core, boundary: number): void {
  const outgoing = core.state.outgoing.get(boundary)
  if (outgoing === undefined) return
  count(core, 'save-failed')
  for (const member of outgoing.receivers.keys()) send(core, peerOf(member), { kind: 'save-failed', boundary })
  core.state.outgoing.delete(boundary)
}

/** A link to a peer is new. */
export function hurryTransfers(core: Core, peer: PeerId): void {
  for (const outgoing of core.state.outgoing.values()) {
    for (const member of outgoing.receivers.keys()) if (peerOf(member) === peer) hurry(outgoing, member, core.now)
  }
}

function sendChunks(core: Core, boundary: number, to: MemberId): void {
  const outgoing = core.state.outgoing.get(boundary)
  if (outgoing?.state === undefined) return
  for (const { offset, bytes } of nextChunks(outgoing, to, core.now, core.config)) {
    send(core, peerOf(to), { kind: 'chunk', boundary, offset, total: outgoing.state.length, bytes })
  }
}

export function onChunkAck(core: Core, from: MemberId, { boundary, received }: Of<'chunk-ack'>): void {
  const outgoing = core.state.outgoing.get(boundary)
  if (outgoing === undefined && boundary <= (core.state.current?.view.number ?? 0)) {
    // Its save failed, and the word of it was lost.
    return send(core, peerOf(from), { kind: 'save-failed', boundary })
  }
  if (outgoing?.state === undefined) return
  const total = outgoing.state.length
  const done = acknowledge(outgoing, from, received, core.now, core.config)
  const other = core.state.current?.view.members.find((member) => member.id === from)
  if (other !== undefined && outgoing.receivers.has(from)) {
    core.out.push({ type: 'progress', with: other, bytes: received, total })
  }
  if (!done) return sendChunks(core, boundary, from)
  outgoing.receivers.delete(from)
  if (outgoing.receivers.size === 0) core.state.outgoing.delete(boundary)
}

export function onChunk(core: Core, current: CurrentView, from: PeerId, sender: MemberId, message: Of<'chunk'>): void {
  const { incoming } = core.state
  const { boundary, offset, total, bytes } = message
  if (incoming === undefined || incoming.boundary !== boundary || incoming.provider !== sender) {
    // A repetition of what is loaded already: the acknowledgement was lost.
    if (core.state.withState) send(core, from, { kind: 'chunk-ack', boundary, received: total })
    return
  }
  if (total > core.config.stateBytesMax || !takeChunk(incoming, offset, total, bytes)) {
    return bad(core, from, 'a chunk that does not fit')
  }
  incoming.askAtMs = core.now + core.config.suspectAfterHintMs
  send(core, from, { kind: 'chunk-ack', boundary, received: incoming.receivedBytes })
  const provider = current.view.members.find((member) => member.id === sender)
  if (provider === undefined || incoming.loading) return
  core.out.push({ type: 'progress', with: provider, bytes: incoming.receivedBytes, total })
  const state = wholeState(incoming)
  if (state === undefined) return
  incoming.loading = true
  incoming.chunks = []
  core.out.push({ type: 'load', lineage: current.view.lineage, number: boundary, from: provider, state })
}

/** This member's state is loaded: it counts from now on, and its application sees what was withheld. */
export function onLoaded(core: Core, current: CurrentView): void {
  const { state } = core
  if (state.incoming?.loading !== true) return
  if (state.incoming.boundary < current.view.number) count(core, 'late-joiner')
  state.incoming = undefined
  state.orphanedAt = undefined
  state.withState = true
  current.members[current.rank]!.withState = true
  for (const output of takeWithheld(core)) core.out.push(output)
  sendStatus(core, current)
}

export function onSaveFailed(
  core: Core,
  current: CurrentView,
  sender: MemberId,
  { boundary }: Of<'save-failed'>,
): void {
  const { incoming, refusedBy } = core.state
  if (incoming?.boundary !== boundary || incoming.provider !== sender || incoming.loading) return
  if (!refusedBy.includes(sender)) refusedBy.push(sender)
  current.members[current.rank]!.needsState = true
  sendStatus(core, current)
}

/** Repeats chunks that were not acknowledged, gives up saves that take too long, asks a provider that is silent. */
export function tickTransfers(core: Core): void {
  const { incoming } = core.state
  if (incoming?.provider !== undefined && !incoming.loading && core.now >= incoming.askAtMs) {
    incoming.askAtMs = core.now + core.config.suspectAfterHintMs
    const { boundary, provider, receivedBytes } = incoming
    send(core, peerOf(provider), { kind: 'chunk-ack', boundary, received: receivedBytes })
  }
  for (const [boundary, outgoing] of core.state.outgoing) {
    if (outgoing.state === undefined && core.now >= outgoing.saveBeforeMs) failSave(core, boundary)
    else for (const member of rewind(outgoing, core.now)) sendChunks(core, boundary, member)
  }
}

export function transferDeadline(core: Core): number {
  const { incoming, outgoing } = core.state
  const askAtMs = incoming === undefined || incoming.loading ? Number.POSITIVE_INFINITY : incoming.askAtMs
  return Math.min(askAtMs, ...[...outgoing.values()].map(outgoingDeadline))
}
