/** Purpose: one chain of views, ranked, that nobody is dropped from for nothing. Rules VW1-VW5, VW7, PT1. */

import type { History, Member, Stay, View } from '../history.ts'
import type { Install } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'

export const viewRules: readonly Rule[] = [
  { id: 'VW1', check: ownViews },
  { id: 'VW2', check: risingNumbers },
  { id: 'VW3', check: sameViews },
  { id: 'VW4', check: oneChain },
  { id: 'VW5', check: stableRanks },
  { id: 'VW7', check: noneDroppedForNothing },
  { id: 'PT1', check: quorums },
]

function ownViews(history: History, report: Report): void {
  for (const view of history.views) {
    for (const install of view.installs) {
      report.decide()
      if (!install.members.includes(install.peer)) {
        report.broken(`${install.peer} installs ${name(view)} and is not in it`, install)
      }
    }
  }
}

function risingNumbers(history: History, report: Report): void {
  for (const { id, stays } of history.members.values()) {
    const last = new Map<string, (typeof stays)[number]>()
    for (const stay of stays) {
      report.decide()
      const { lineage, number } = stay.view
      const before = last.get(lineage)
      if (before !== undefined && number <= before.view.number) {
        report.broken(
          `${id} installs ${number} after ${before.view.number} of ${lineage}`,
          before.install,
          stay.install,
        )
      }
      last.set(lineage, stay)
    }
  }
}

function sameViews({ views }: History, report: Report): void {
  for (const view of views) {
    const [first, ...others] = view.installs
    for (const other of others) {
      report.decide()
      if (first === undefined || sameView(first, other)) continue
      report.broken(`two views ${name(view)}: at ${first.peer} and at ${other.peer}`, first, other)
    }
  }
}

function sameView(a: Install, b: Install): boolean {
  if (a.primary !== b.primary || a.witness !== b.witness || a.members.length !== b.members.length) return false
  return a.members.every((member, rank) => member === b.members[rank])
}

/** A member goes along the chain link by link, and each link has its quorum. */
function oneChain(history: History, report: Report): void {
  for (const { id, stays } of history.members.values()) {
    for (const stay of stays) {
      const { following, view } = stay
      if (following === undefined || following.view.lineage !== view.lineage) continue
      report.decide()
      if (following.view.number > view.number + 1) {
        report.broken(
          `${id} skips views between ${name(view)} and ${name(following.view)}`,
          stay.install,
          following.install,
        )
      }
    }
  }
  quorums(history, report)
}

/** The votes that can have agreed to a view: of those that stay, and of those that voted on their way out. */
function quorums(history: History, report: Report): void {
  for (const view of history.views) {
    const { previous } = view
    if (previous === undefined) continue
    report.decide()
    const voters = previous.members.filter(
      (id) => view.rankOf.has(id) || mayHaveVotedOut(history, history.members.get(id), previous),
    )
    if (isQuorum(voters, previous)) continue
    const who = voters.length === 0 ? 'nobody' : voters.join(', ')
    report.broken(
      `${name(view)} has no quorum of ${name(previous)}: of ${previous.members.length} members only ${who} can have agreed`,
      previous.installs[0],
      view.installs[0],
    )
  }
}

/**
 * Whether a member that is not in the next view may have voted for it: a leaver votes itself, a closing page hands its vote
 * to another, one without state is let go after its promise. One left out as failed is suspected before the proposal, so
 * its vote does not count; one that crashed and that nobody suspected may have voted before.
 */
function mayHaveVotedOut(history: History, member: Member | undefined, view: View): boolean {
  if (member === undefined) return false
  // One without loaded state may have voted in a view that its application never saw.
  if (member.left !== undefined) return member.left.reason !== 'excluded'
  if (!member.stays.some((stay) => stay.view === view)) return false
  return member.crash !== undefined && (member.crash.leaving === true || !history.suspicions.has(member.id))
}

/**
 * Two votes a member, one for the witness if the view names its token; more than half of all, or, without a token, an exact
 * half if it holds rank 0. No trace tells how the witness votes: it is taken to agree, or, 'silent', to be gone.
 */
export function isQuorum(voters: readonly string[], view: View, witness: 'agrees' | 'silent' = 'agrees'): boolean {
  const hasWitness = view.installs[0]?.witness !== undefined
  const votes = 2 * voters.length + (hasWitness && witness === 'agrees' ? 1 : 0)
  const total = 2 * view.members.length + (hasWitness ? 1 : 0)
  return 2 * votes > total || (2 * votes === total && voters.includes(view.members[0] ?? ''))
}

function stableRanks({ views }: History, report: Report): void {
  for (const view of views) {
    const { previous } = view
    if (previous === undefined) continue
    report.decide()
    const survivors = previous.members.filter((id) => view.rankOf.has(id))
    const wrong = survivors.findIndex((id, rank) => view.members[rank] !== id)
    if (wrong < 0) continue
    report.broken(
      `${name(view)} has ${view.members[wrong]} at rank ${wrong}, where ${survivors[wrong]} of ${name(previous)} belongs`,
      previous.installs[0],
      view.installs[0],
    )
  }
}

/** Who is left out has crashed, went by itself, or was suspected by somebody. A member without any line may have crashed. */
function noneDroppedForNothing(history: History, report: Report): void {
  for (const view of history.views) {
    const { next } = view
    if (next === undefined) continue
    for (const id of view.members) {
      const member = history.members.get(id)
      if (next.rankOf.has(id) || member === undefined) continue
      report.decide()
      const wentByItself = member.left !== undefined && member.left.reason !== 'excluded'
      if (member.crash !== undefined || wentByItself || history.suspicions.has(id) || isElsewhere(member, view))
        continue
      // It had agreed to a fork that it never saw: for this lineage it was gone.
      if (history.views.some(({ parent, rankOf }) => parent === view && rankOf.has(id))) continue
      report.broken(
        `${id} is left out of ${name(next)}, and neither crashed, nor left, nor was suspected`,
        next.installs[0],
        member.left ?? member.lines.at(-1),
      )
    }
  }
}

/** Who went on in a fork of the view, or was let in by another lineage first, says so to those who would count on it. */
function isElsewhere({ stays }: Member, view: View): boolean {
  const at: Stay | undefined = stays.find((stay) => stay.view === view)
  if (at !== undefined) return at.following?.view.parent === view
  return stays.some((stay) => stay.view.lineage !== view.lineage)
}

function name({ lineage, number }: { readonly lineage: string; readonly number: number }): string {
  return `view ${lineage}/${number}`
}
