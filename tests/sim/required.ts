import { faultNames } from '../../peer/simulator/faults.ts'
import { flowNames } from '../../peer/simulator/flows.ts'
import { splitNames } from '../../peer/simulator/splits.ts'
import type { Summary } from './summary.ts'

/** From this many seeds on, all that is listed here must have happened. */
export const REQUIRED_FROM_SEEDS = 500

/** Branches of the engine, by the names of its counters, and what each stands for. */
const BRANCHES: Readonly<Record<string, string>> = {
  found: 'a group was founded',
  install: 'a view was installed',
  ballot: 'a ballot was started',
  'ballot-retry': 'a coordinator tried again',
  adopt: 'a value that may have been decided was proposed again',
  nack: 'an acceptor refused a ballot',
  nacked: 'a coordinator was refused',
  behind: 'somebody had to be told the decision before this one',
  fill: 'a member had to fill up before the proposal',
  'fill-pulled': 'a member pulled what it lacked of the cut',
  proxy: 'a holder voted for a page that had closed',
  grant: 'a closing page gave its vote away',
  pull: 'a gap was pulled',
  relay: 'a message went by way of others',
  ahead: 'a message of a view not yet installed was kept',
  join: 'a join was asked for',
  'late-joiner': 'a joiner got its state after more views had passed',
  'new-provider': 'a joiner got its state from another provider',
  save: 'a provider saved its state',
  'save-failed': 'a provider failed to save',
  fragmented: 'a value travelled in several entries',
  'value-withdrawn': 'a value was taken back of which parts had been sent',
  'value-dropped': 'a view ended in the middle of a value',
  'window-closed': 'something waited for the window',
  'consumer-full': 'an application did not keep up, and everyone was asked to wait',
  stalled: 'a member that held a window closed for too long was given up',
  suspect: 'a member was suspected',
  probe: 'a suspicion was checked by others',
  alive: 'a suspicion was refuted by another member',
  'own-lateness': 'a member blamed its own late timers',
  blocked: 'a member was without a quorum',
  failed: 'a member was left out',
  verdict: 'a member learned late that it had been left out',
  left: 'a member left',
  witness: 'the witness promised its vote',
  'witness-past': 'the witness had voted for a later view',
  fork: 'a fork was begun',
  'fork-joined': 'a member committed itself to the fork of another',
  forked: 'the first view of a fork was installed',
  'fork-gone': 'one that had gone in a fork said so to those who stayed',
  'merge-ask': 'a lineage asked another to take its members',
  dissolved: 'a lineage was dissolved into another',
  pause: 'a member asked all to stop sending',
  reconciled: 'a state made out of two was taken',
  superseded: 'a founder with nothing to lose gave way to another group',
}

/** One line for each required fault or branch that never happened; runs with few faults or none need nothing. */
export function neverHit(summary: Summary, faults: string): string[] {
  if (summary.seeds < REQUIRED_FROM_SEEDS || faults === 'light' || faults === 'none') return []
  const missingFaults = [...faultNames, ...splitNames, ...flowNames].filter((name) => !summary.faults[name])
  const missingBranches = Object.entries(BRANCHES).filter(([name]) => !summary.branches[name])
  return [
    ...missingFaults.map((name) => `never happened: the fault '${name}'`),
    ...missingBranches.map(([name, meaning]) => `never happened: '${name}', ${meaning}`),
  ]
}
