import type { Mutant } from '../mutant.ts'

const TRANSFER = 'peer/engine/state-transfer.ts'
const PROVIDER = 'peer/transfer/provider.ts'
const RECEIVER = 'peer/transfer/receiver.ts'

/** Faults of state transfer. */
export const transferMutants: readonly Mutant[] = [
  {
    name: 'saved before the old view ended',
    file: TRANSFER,
    find: "core.out.push({ type: 'save', lineage, number })",
    replace: "core.out.unshift({ type: 'save', lineage, number })",
    breaks: ['ST1'],
    fault: 'the state is not that of the boundary',
  },
  {
    name: 'state under another boundary',
    file: TRANSFER,
    find: 'state.outgoing.set(number, newOutgoing(number, fresh, core.now + config.saveTimeoutMs))',
    replace: 'state.outgoing.set(number - 1, newOutgoing(number - 1, fresh, core.now + config.saveTimeoutMs))',
    breaks: ['ST1', 'ST3', 'settles'],
    fault: 'a state is kept under the number of another boundary, and nobody gets it',
    scenarios: ['a chunk that is lost'],
  },
  {
    name: 'saved a boundary late',
    file: 'peer/membership/view-agreement.ts',
    find: 'assignTransfers(survivors, joiners, situation.transfers, view.number + 1)',
    replace: 'assignTransfers(survivors, joiners, situation.transfers, view.number + 2)',
    breaks: ['ST1', 'settles'],
    fault: 'the state is that of the view after the one that lets its joiner in',
  },
  {
    name: 'messages before the state',
    file: 'peer/engine/core.ts',
    find: '  if (state.incoming === undefined) {\n    core.out.push(output)',
    replace: '  if (state.attempt > 0) {\n    core.out.push(output)',
    breaks: ['ST1'],
    fault: 'a joiner is handed messages before its state is loaded',
  },
  {
    name: 'events while the application loads',
    file: 'peer/runtime/group-runtime.ts',
    find: 'if (this.#busy !== undefined) return false',
    replace: 'if (this.#ended) return false',
    breaks: ['ST1', 'DL3'],
    fault: 'what follows a state is handed out before that is loaded, or a save sees what came later',
  },
  {
    name: 'half a state',
    file: RECEIVER,
    find: 'incoming.receivedBytes < incoming.totalBytes) return undefined',
    replace: 'incoming.receivedBytes * 2 < incoming.totalBytes) return undefined',
    breaks: ['ST1', 'ST3'],
    fault: 'a joiner loads what it got from a provider that went on half way',
  },
  {
    name: 'chunks in any order',
    file: RECEIVER,
    find: '  if (offset !== incoming.receivedBytes) return true\n',
    replace: '',
    breaks: ['ST1', 'ST3', 'exception'],
    fault: 'chunks that repeat or miss their predecessor are taken as the next',
    scenarios: ['a chunk that is lost'],
  },
  {
    name: 'chunks not repeated',
    file: PROVIDER,
    find: '    receiver.sent = receiver.acked\n',
    replace: '',
    breaks: ['ST3', 'settles'],
    fault: 'a chunk that was lost with its link is not sent again',
    scenarios: ['a chunk that is lost'],
  },
  {
    name: 'transfer not begun anew',
    file: TRANSFER,
    find: 'if (state.incoming?.boundary === boundary || state.incoming?.loading) {',
    replace: 'if (state.incoming !== undefined) {',
    breaks: ['ST3', 'settles'],
    fault: 'a joiner waits for ever for a provider that failed',
  },
  {
    name: 'failed save kept quiet',
    file: TRANSFER,
    find: '  current.members[current.rank]!.needsState = true\n',
    replace: '',
    breaks: ['ST3', 'settles'],
    fault: 'nobody is told that a joiner needs another provider',
  },
]
