import type { Mutant } from '../mutant.ts'

const ACCEPTOR = 'peer/membership/acceptor.ts'
const AGREEMENT = 'peer/membership/view-agreement.ts'
const CHANGE = 'peer/engine/view-change.ts'
const VOTING = 'peer/engine/voting.ts'

/** Faults of the agreement on views: who may decide, adopt, take over. */
export const agreementMutants: readonly Mutant[] = [
  {
    name: 'half without rank 0',
    file: 'peer/membership/quorum.ts',
    find: '2 * votes === all && voters.has(0)',
    replace: '2 * votes === all',
    breaks: ['PT1', 'VW3', 'VW4'],
    fault: 'any exact half of the votes is taken for a quorum',
  },
  {
    name: 'decided by one vote',
    file: CHANGE,
    find: '  if (!isQuorum(coordinator.votes, electorate)) return\n',
    replace: '',
    breaks: ['VW3', 'VW4', 'PT1'],
    fault: 'a value counts as decided before a quorum has accepted it',
    scenarios: ['a coordinator that is cut off as it proposes'],
  },
  {
    name: 'accepted value not adopted',
    file: AGREEMENT,
    find: '  if (accepted !== undefined) return { type:',
    replace: '  if (accepted !== undefined && accepted.ballot < 0) return { type:',
    breaks: ['VW3', 'VW8'],
    fault: 'a successor proposes afresh where a value may have been decided',
    scenarios: ['a decision that one member knows'],
  },
  {
    name: 'lowest accepted value adopted',
    file: ACCEPTOR,
    find: 'accepted.ballot > (highest?.ballot ?? 0)',
    replace: 'accepted.ballot < (highest?.ballot ?? Number.POSITIVE_INFINITY)',
    breaks: ['VW3', 'VW8'],
    fault: 'of two accepted values the one of the lower ballot is proposed again',
    scenarios: ['two values accepted one after the other'],
  },
  {
    name: 'later promises forgotten',
    file: ACCEPTOR,
    find: '  acceptor.promised = ballot\n  return true',
    replace: '  if (acceptor.promised === 0) acceptor.promised = ballot\n  return true',
    breaks: ['VW3'],
    fault: 'an acceptor remembers its first promise only, and accepts below its last',
    scenarios: ['an accept that comes after a higher promise'],
  },
  {
    name: 'promise hides what was accepted',
    file: VOTING,
    find: '    as: rank,\n    accepted: acceptor.accepted,\n    have: log.streams.map',
    replace: '    as: rank,\n    accepted: undefined,\n    have: log.streams.map',
    breaks: ['VW3', 'VW8'],
    fault: 'a promise without the value that its acceptor accepted',
    scenarios: ['a decision that one member knows'],
  },
  {
    name: 'slow member not waited for',
    file: AGREEMENT,
    find: "if (isWaiting(situation) || witness.type === 'awaited') return",
    replace: "if (witness.type === 'awaited') return",
    breaks: ['VW7'],
    fault: 'a fresh proposal leaves out a slow member whom nobody suspects',
  },
  {
    name: 'nack ignored',
    file: CHANGE,
    find: 'coordinator.ballot === ballot\n  ) {',
    replace: 'coordinator.ballot === -ballot\n  ) {',
    breaks: ['VW8', 'settles'],
    fault: 'a refused coordinator repeats its ballot for ever',
    scenarios: ['a promise to a ballot that died'],
  },
  {
    name: 'nobody takes over',
    file: CHANGE,
    find: 'if (core.now < coordinator.untilMs && !isBallotDead(core, current)) return',
    replace:
      "if (core.now > 0) {\n        current.coordinator = { phase: 'yielding', untilMs: Number.POSITIVE_INFINITY }\n        return\n      }",
    breaks: ['VW8', 'settles'],
    fault: 'a member that has once promised never coordinates itself (a wedged member that nobody remembers)',
  },
  {
    name: 'prepare not repeated',
    file: CHANGE,
    find: 'return !coordinator.promises.has(rank) || isHolder',
    replace: 'return false',
    breaks: ['VW8', 'settles'],
    fault: 'a prepare that was lost with its link is not sent again',
    scenarios: ['a prepare that is lost'],
  },
  {
    name: 'accept not repeated',
    file: CHANGE,
    find: "  broadcast(core, current, { kind: 'accept', ballot, value })\n  acceptByWitness(core, current, ballot, value)\n}",
    replace: '}',
    breaks: ['VW8', 'settles'],
    fault: 'a proposal that was lost with its link is not sent again',
    scenarios: ['an accept that is lost'],
  },
  {
    name: 'behind not answered',
    file: 'peer/engine/receive.ts',
    find: "if (decision !== undefined) return send(core, from, { kind: 'decide', ...decision, fates: [] })",
    replace: 'if (decision !== undefined) return',
    breaks: ['VW8', 'settles'],
    fault: 'one who missed a decision is never told it',
  },
  {
    name: 'joiners in front',
    file: AGREEMENT,
    find: '[...survivors.map((survivor) => survivor.member), ...joiners]',
    replace: '[...joiners, ...survivors.map((survivor) => survivor.member)]',
    breaks: ['VW5'],
    fault: 'joiners do not go to the end of the ranks',
  },
]
