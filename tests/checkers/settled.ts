/** Purpose: how a simulated run that ends healed and quiet must end: everyone alive in one view of one lineage, or all blocked, rightly. */

import { buildHistory, byGroup } from './build-history.ts'
import { type History, isAlive, type Member, type Stay } from './history.ts'
import { isQuorum } from './rules/views.ts'
import type { TraceEvent } from './trace.ts'
import type { Evidence } from './verdict.ts'

/** What speaks against it, by group; empty if the run settled. Only members that wrote a line can be missed. */
export function settled(events: readonly TraceEvent[]): Evidence[] {
  return [...byGroup(events)].flatMap(([group, lines]) => unsettled(buildHistory(group, lines)))
}

function unsettled({ members }: History): Evidence[] {
  const alive = [...members.values()].filter(isAlive)
  const first = alive[0]
  if (first === undefined) return []
  const blocked = alive.filter(({ status }) => status?.event === 'blocked')
  if (blocked.length === alive.length) return wronglyBlocked(alive)
  const evidence: Evidence[] = blocked.map((member) => ({
    message: `${member.id} is still blocked, while others are not`,
    events: lastWords(member),
  }))
  for (const member of alive) {
    const [stay, expected] = [member.stays.at(-1), first.stays.at(-1)]
    if (stay === undefined) {
      evidence.push({ message: `${member.id} is alive and never installed a view`, events: lastWords(member) })
    } else if (expected !== undefined && stay.view !== expected.view) {
      evidence.push({
        message: `${first.id} and ${member.id} are alive in different views`,
        events: [expected.install, stay.install],
      })
    }
  }
  return [...evidence, ...ghosts(alive)]
}

/** Those that are gone must be out of the last view: the second half of VW7. */
function ghosts(alive: readonly Member[]): Evidence[] {
  const ids = new Set(alive.map(({ id }) => id))
  const last = highestStay(alive)
  const gone = last?.view.members.filter((id) => !ids.has(id)) ?? []
  return gone.map((id) => ({ message: `${id} is gone and still in the last view`, events: last ? [last.install] : [] }))
}

/** Lineages without a quorum cannot merge: each is judged by its own last view. */
function wronglyBlocked(alive: readonly Member[]): Evidence[] {
  const lineages = new Set(alive.map((member) => member.stays.at(-1)?.view.lineage))
  return [...lineages].flatMap((lineage) =>
    wronglyBlockedIn(alive.filter((member) => member.stays.at(-1)?.view.lineage === lineage)),
  )
}

function wronglyBlockedIn(alive: readonly Member[]): Evidence[] {
  const last = highestStay(alive)
  if (last === undefined) return []
  const voters = last.view.members.filter((id) => alive.some((member) => member.id === id))
  if (!isQuorum(voters, last.view, 'silent')) return []
  const events = [last.install, ...alive.flatMap(({ status }) => status ?? [])]
  return [{ message: `all are blocked, though ${voters.join(', ')} are a quorum of the last view`, events }]
}

function highestStay(members: readonly Member[]): Stay | undefined {
  const stays = members.flatMap(({ stays }) => stays.at(-1) ?? [])
  return stays.reduce<Stay | undefined>(
    (high, stay) => (high && high.view.number >= stay.view.number ? high : stay),
    undefined,
  )
}

function lastWords(member: Member): TraceEvent[] {
  const line = member.status ?? member.stays.at(-1)?.install ?? member.lines.at(-1)
  return line === undefined ? [] : [line]
}
