import type { Mutant } from '../mutant.ts'

const CHANGE = 'peer/engine/view-change.ts'
const VOTING = 'peer/engine/voting.ts'
const DELIVERY = 'peer/ordering/delivery.ts'
const DATA_PATH = 'peer/engine/data-path.ts'

/** Faults of the flush: what is frozen, gathered and delivered as a view ends. */
export const flushMutants: readonly Mutant[] = [
  {
    name: 'propose without filling',
    file: 'peer/membership/view-agreement.ts',
    find: 'if (lacking.length > 0) {',
    replace: 'if (lacking.length > situation.view.members.length) {',
    breaks: ['DL3', 'settles'],
    fault: 'a cut is proposed that not all its members hold',
  },
  {
    name: 'cut without the leavers',
    file: 'peer/membership/view-agreement.ts',
    find: 'const cut = cutOf(heard, ',
    replace: 'const cut = cutOf(survivors, ',
    breaks: ['RC1'],
    fault: 'the cut does not hold what a leaver had, its own last multicasts among it',
    scenarios: ['a last word before leaving'],
  },
  {
    name: 'minimum for the cut',
    file: 'peer/membership/flush.ts',
    find: 'cut[rank] = Math.max(cut[rank]!, promise.have[rank] ?? 0)',
    replace: 'cut[rank] = Math.min(cut[rank]! || (promise.have[rank] ?? 0), promise.have[rank] ?? 0)',
    breaks: ['DL3', 'DL4'],
    fault: 'the cut is what all survivors have, not what any of them may have delivered',
  },
  {
    name: 'not wedged by a promise',
    file: VOTING,
    find: '    wedge(current)\n    current.promisedWithState',
    replace: '    current.promisedWithState',
    breaks: ['DL3'],
    fault: 'a member sends and completes messages after it promised',
    scenarios: ['messages that come after a promise'],
  },
  {
    name: 'unwedged as a ballot ends',
    file: CHANGE,
    find: "      current.coordinator = { phase: 'idle' }\n      drive(core, current)",
    replace:
      "      current.coordinator = { phase: 'idle' }\n      current.log.wedged = false\n      drive(core, current)",
    breaks: ['DL3'],
    fault: 'the wedge is undone when a coordinator did not come through',
  },
  {
    name: 'past the frozen prefix',
    file: DATA_PATH,
    find: '    if (!log.wedged) {\n      const totals',
    replace: '    if (current.members.length > 0) {\n      const totals',
    breaks: ['DL3'],
    fault: 'what arrives while wedged is counted and delivered',
    scenarios: ['messages that come after a promise'],
  },
  {
    name: 'past the cut',
    file: DELIVERY,
    find: 'deliver(log, (rank) => cut[rank]!, handOut)',
    replace: 'deliver(log, (rank) => log.streams[rank]!.base + log.streams[rank]!.entries.length, handOut)',
    breaks: ['DL3'],
    fault: 'the end of a view delivers all that is held, not what was agreed',
    scenarios: ['messages that come after a promise'],
  },
  {
    name: 'order log grows while wedged',
    file: DELIVERY,
    find: 'return isNextInOrder(log.order, rank, log.streams[rank]!.delivered + 1, log.order.length)',
    replace:
      'return isNextInOrder(log.order, rank, log.streams[rank]!.delivered + 1, log.order.base + log.order.entries.length)',
    breaks: ['OR3', 'VS1'],
    fault: 'places that come after the promise are used',
    scenarios: ['places that come after a promise'],
  },
  {
    name: 'part of a multicast at the cut',
    file: 'peer/ordering/fbcast.ts',
    find: 'while (stream.delivered < limit) {',
    replace: 'while (stream.delivered < limit || stream.assembly !== undefined) {',
    breaks: ['DL3', 'DL1', 'exception'],
    fault: 'a multicast of which the cut holds only some fragments is delivered where the others came late',
    scenarios: ['a value whose end comes after a promise'],
  },
  {
    name: 'places beyond the cut not skipped',
    file: 'peer/ordering/abcast.ts',
    find: '(entry, index) => order.base + index < order.done || entry.number <= cut[entry.rank]!,',
    replace: '(entry) => entry.number > 0,',
    breaks: ['DL4', 'DL5', 'RC1'],
    fault: 'a place whose multicast was lost stops the order for ever',
    scenarios: ['a place whose multicast is lost'],
  },
  {
    name: 'rest by rank alone',
    file: 'peer/ordering/abcast.ts',
    find: 'return cause === rank || first === undefined || first.number > candidate.vector[cause]!',
    replace: 'return cause >= 0 || first === undefined || first.number > candidate.vector[cause]!',
    breaks: ['OR4', 'OR5', 'DL5'],
    fault: 'what the sequencer left unordered goes by (rank, number): an effect before its cause',
    scenarios: ['unordered cause and effect'],
  },
  {
    name: 'rest dropped',
    file: 'peer/ordering/abcast.ts',
    find: 'for (let rank = fronts.findIndex(isNext); rank >= 0;',
    replace: 'for (let rank = fronts.findIndex(isNext); rank >= fronts.length;',
    breaks: ['DL4', 'DL5', 'OR5'],
    fault: 'what a failed sequencer had not ordered is not delivered',
  },
  {
    name: 'sent while wedged',
    file: DATA_PATH,
    find: 'if (current.log.wedged || state.blocked || !state.withState) return false',
    replace: 'if (state.blocked || !state.withState) return false',
    breaks: ['DL2', 'DL4'],
    fault: 'a multicast asked for during a view change is sent in the old view',
  },
  {
    name: 'messages for the next view dropped',
    file: 'peer/engine/receive.ts',
    find: '  state.ahead.push({ from, tag, message: message.slice() })\n',
    replace: '',
    breaks: ['cost'],
    fault: 'what comes before its view is installed here must be pulled again',
    scenarios: ['a multicast that overtakes the decision'],
  },
]
