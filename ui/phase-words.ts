import type { Phase } from './group/group-host.ts'

/** What a field says in which one can not write now. */
export const phaseWords: Readonly<Record<Exclude<Phase, 'joined'>, string>> = {
  idle: 'Not in a group',
  joining: 'Joining …',
  failed: 'Not in the group',
  left: 'Not in the group',
}
