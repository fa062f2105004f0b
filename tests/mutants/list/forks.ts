import type { Mutant } from '../mutant.ts'

const AGREEMENT = 'peer/membership/view-agreement.ts'
const FORKING = 'peer/engine/forking.ts'

/** Faults of going on without a quorum. */
export const forkMutants: readonly Mutant[] = [
  {
    name: 'fork that waits for nobody',
    file: AGREEMENT,
    find: "  if (isWaiting(situation)) return { type: 'wait' }\n",
    replace: '',
    breaks: ['PT3'],
    fault: 'a fork is decided without members that can be reached',
    scenarios: ['some go on without a quorum'],
  },
  {
    name: 'fork without filling',
    file: AGREEMENT,
    find: 'if (lacking.length > 0) {',
    replace: "if (lacking.length > 0 && passage.type !== 'fork') {",
    breaks: ['PT3', 'DL3'],
    fault: 'a fork is decided whose members do not all hold its cut',
    scenarios: ['a fork whose members have not received the same'],
  },
  {
    name: 'commitment not kept',
    file: FORKING,
    find: 'commitment?.lineage === passage.lineage : commitment === undefined',
    replace: 'commitment?.lineage === passage.lineage : passage.type !== undefined',
    breaks: ['PT3'],
    fault: 'one that is in a fork follows a decision of the lineage that it has left',
    scenarios: ['a fork that one of its members missed'],
  },
  {
    name: 'fork not repeated to a fellow',
    file: FORKING,
    find: 'if (isFellow) return send(',
    replace: 'if (isFellow && from === core.state.peer) return send(',
    breaks: ['PT3'],
    fault: 'one that has committed itself and missed the decision never learns that the fork is there',
    scenarios: ['a fork whose decision is lost'],
  },
  {
    name: 'fork joined with a quorum',
    file: FORKING,
    find: 'promised > ballot || (!core.state.blocked && commitment === undefined)',
    replace: 'promised > ballot',
    breaks: ['PT3'],
    fault: 'one that sees a quorum splits off with those who do not',
    scenarios: ['one that sees a quorum again is asked to fork'],
  },
  {
    name: 'fork of the promised',
    file: FORKING,
    find: '  commit(current, ballot, lineage)\n  beginYield(core, current)\n',
    replace: '  wedge(current)\n  beginYield(core, current)\n',
    breaks: ['PT3'],
    fault: 'one that agrees to a fork does not bind itself: it goes on voting in the old lineage',
    scenarios: ['a fork that one of its members missed'],
  },
  {
    name: 'fork that calls itself primary',
    file: 'peer/base/ancestry.ts',
    find: 'index > 0 && !part.startsWith(AGAIN_MARK)',
    replace: 'index < 0 && !part.startsWith(AGAIN_MARK)',
    breaks: ['PT3'],
    fault: 'those who went on without a quorum are told that they have one',
    scenarios: ['some go on without a quorum'],
  },
  {
    name: 'no fork when blocked',
    file: FORKING,
    find: 'state.forks ? state.blockedAt + config.forkAfterMs',
    replace: 'state.forks ? state.blockedAt * config.forkAfterMs',
    breaks: ['PT3'],
    fault: 'members that are to go on without a quorum never do',
    scenarios: ['some that are to go on without a quorum'],
  },
  {
    name: 'fork at a view that all have gone through',
    file: 'peer/base/ancestry.ts',
    find: 'return place.number < parting.number',
    replace: 'return place.number <= parting.number',
    breaks: ['PT4'],
    fault: 'what was multicast in the view that was split is taken for part of both histories',
    onMerge: 'replay',
  },
]
