/** Purpose: lineages that meet become one, and nothing of the other is lost without a word. Rule PT4. */

import { attemptsOf } from '../attempts.ts'
import { type History, isDissolved, type Member, type Message, mergedOf, type View } from '../history.ts'
import { isInPast } from '../past.ts'
import type { Merged } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'
import { has } from './delivery.ts'
import { replays } from './replays.ts'

export const mergeRules: readonly Rule[] = [{ id: 'PT4', check: merges }]

/** What a member keeps in mind for a merge is bounded; below this no message was forgotten. */
const REMEMBERED_BYTES = 4 * 1024 * 1024
const MESSAGE_BYTES = 200

function merges(history: History, report: Report): void {
  for (const member of history.members.values()) {
    const merged = mergedOf(member)
    if (merged === undefined) {
      endsWithAWord(member, report)
      continue
    }
    report.decide()
    direction(member, merged, report)
    nothingForgotten(member, merged, history, report)
  }
  for (const lineage of history.lineages.keys()) oneEnd(lineage, history, report)
  for (const attempts of attemptsOf(history).values()) neverBack(attempts, report)
  replays(history, report)
}

/** One that never had a state has nothing to tell. */
function endsWithAWord({ id, stays, left }: Member, report: Report): void {
  if (left?.reason !== 'merged' || stays.every(({ steps }) => steps.length === 0)) return
  report.broken(`${id} goes to another lineage and does not say what that one lacks`, left)
}

/** Into a smaller key only, so that no two dissolve into each other. One without a quorum leaves for any other. */
function direction(member: Member, merged: Merged, report: Report): void {
  const stay = member.stays.at(-1)
  if (stay === undefined) return report.broken(`${member.id} merges before it installed a view`, merged)
  const { lineage } = stay.view
  const isRight = isDissolved(member) ? merged.into < lineage : merged.into !== lineage
  if (!isRight)
    report.broken(
      `${member.id} dissolves ${lineage} into ${merged.into}, whose key is not smaller`,
      stay.install,
      merged,
    )
}

/** A lineage that was dissolved ends at one view, into one other, and nobody goes on in it. */
function oneEnd(lineage: string, history: History, report: Report): void {
  const ends = [...history.members.values()].filter(
    (member) => isDissolved(member) && viewOf(member)?.lineage === lineage,
  )
  const [first, ...others] = ends
  const last = first && viewOf(first)
  if (first === undefined || last === undefined) return
  for (const other of others) {
    report.decide()
    if (viewOf(other) === last && other.left?.into === first.left?.into) continue
    report.broken(
      `${first.id} and ${other.id} end ${lineage} at different views, or for different lineages`,
      first.left,
      other.left,
    )
  }
  for (const { number, installs } of history.lineages.get(lineage)?.values() ?? []) {
    if (number > last.number) {
      report.broken(
        `${first.id} dissolves ${lineage} after view ${last.number}, but ${installs[0]?.peer} goes on in it`,
        first.left,
        installs[0],
      )
    }
  }
}

/** What is dissolved is over for every later attempt, too. */
function neverBack(attempts: readonly Member[], report: Report): void {
  for (const [index, member] of attempts.entries()) {
    const lineage = viewOf(member)?.lineage
    if (!isDissolved(member)) continue
    const back = attempts
      .slice(index + 1)
      .flatMap(({ stays }) => stays.filter(({ view }) => view.lineage === lineage))[0]
    if (back !== undefined)
      report.broken(`${back.member.id} is back in ${lineage}, which it has dissolved`, member.left, back.install)
  }
}

/** Each of its own multicasts that it delivered, and that the other lineage lacks, is named. */
function nothingForgotten(member: Member, merged: Merged, history: History, report: Report): void {
  const other = newest(history.lineages.get(merged.into)?.values() ?? [])
  if (other === undefined || remembered(member) > REMEMBERED_BYTES) return
  const named = new Set(merged.unmerged)
  for (const stay of member.stays) {
    for (const { event, message } of stay.sendings) {
      if (!has(stay, message) || named.has(message.id) || isGivenUp(member, message.id)) continue
      if (event.purpose !== undefined || !isLacking(message, other, history)) continue
      report.broken(
        `${member.id} goes to ${merged.into}, which lacks its ${message.id}, and does not say so`,
        event,
        merged,
      )
    }
  }
}

/** Neither the multicast nor one that it repeats is part of the other lineage, for all that the trace shows. */
function isLacking(message: Message, other: View, history: History): boolean {
  if (isInPast(message, other, history) !== false) return false
  const first = message.sent?.replayOf === undefined ? undefined : history.messages.get(message.sent.replayOf)
  return first === undefined || isLacking(first, other, history)
}

/** It was told that its multicast may not be part of its own lineage either. */
function isGivenUp({ fates }: Member, id: string): boolean {
  return fates.get(id)?.some(({ fate }) => fate !== 'in-cut') === true
}

function remembered({ stays }: Member): number {
  const delivered = stays.flatMap(({ deliveries }) => deliveries)
  return delivered.reduce((sum, { message }) => sum + (message.sent?.bytes ?? 0) + MESSAGE_BYTES, 0)
}

function newest(views: Iterable<View>): View | undefined {
  return [...views].reduce<View | undefined>(
    (high, view) => (high && high.number > view.number ? high : view),
    undefined,
  )
}

function viewOf({ stays }: Member): View | undefined {
  return stays.at(-1)?.view
}
