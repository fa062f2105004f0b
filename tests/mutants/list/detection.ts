import type { Mutant } from '../mutant.ts'

const DETECTOR = 'peer/membership/failure-detector.ts'
const DETECTION = 'peer/engine/detection.ts'
const ROUTING = 'peer/engine/routing.ts'

/** Faults of shared suspicions, and of ways around links that are missing or work one way. */
export const detectionMutants: readonly Mutant[] = [
  {
    name: 'woken for what is past',
    file: 'peer/engine/engine.ts',
    find: 'Math.max(now, deadlineMs)',
    replace: 'now < 0 ? now : deadlineMs',
    breaks: ['FD1'],
    fault: 'a member that begins to ask about a silence thinks that it slept for so long itself',
  },
  {
    name: 'hint cleared by last words',
    file: DETECTOR,
    find: 'if (now >= contact.hintedAt + patienceMs(contact, bounds)) contact.hinted = false',
    replace: 'contact.hinted = false',
    breaks: ['FD3'],
    fault: 'what a crashed member had under way clears the sign that it is gone',
    scenarios: ['a crash that the server tells of before the last words come'],
  },
  {
    name: 'alive by hearsay',
    file: DETECTION,
    find: '  const askers = core.state.askers.get(peer) ?? []\n',
    replace: "  send(core, from, { kind: 'alive', member })\n  const askers = core.state.askers.get(peer) ?? []\n",
    breaks: ['FD3', 'VW7', 'settles'],
    fault: 'members that ask each other about a dead one keep it alive',
    scenarios: ['a crash that shows'],
  },
  {
    name: 'deaf member never suspected',
    file: 'peer/engine/core.ts',
    find: ' || contact?.deaf === true',
    replace: '',
    breaks: ['VW7', 'FD2'],
    fault: 'one that is heard and cannot be reached holds up every view change',
    scenarios: ['a member that speaks and hears nobody'],
  },
  {
    name: 'deaf link used',
    file: ROUTING,
    find: 'return contact.hearsMe && Math',
    replace: 'return Math',
    breaks: ['FD2'],
    fault: 'what is said over a link that works the other way only is not sent around it',
    scenarios: ['a link that works one way'],
  },
  {
    name: 'suspicions not shared',
    file: DETECTION,
    find: 'for (const other of message.suspects) if (other !== current.rank) onHint(core, current.members[other]!.peer)',
    replace: '',
    breaks: ['FD3'],
    fault: 'the others take all their time to find out what one of them knows',
    scenarios: ['a crash that one member knows of'],
  },
  {
    name: 'suspected for good',
    file: DETECTOR,
    find: '  contact.probedAt = undefined\n  contact.suspected = false\n',
    replace: '  contact.probedAt = undefined\n',
    breaks: ['PT2', 'VW7', 'settles'],
    fault: 'one that was suspected stays so although it is heard again',
    scenarios: ['one that is cut off for a moment'],
  },
]
