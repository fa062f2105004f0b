/** Purpose: a joiner's state is a member's, exactly at a boundary between views. Rules ST1, ST3. */

import { type History, type Member, rootOf, type View } from '../history.ts'
import type { Deliver, Install, StateLoaded, StateSaved } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'

export const stateRules: readonly Rule[] = [
  { id: 'ST1', check: boundaryState },
  { id: 'ST3', check: wholeStates },
]

interface Boundary {
  readonly lineage: string
  readonly number: number
}

function boundaryState(history: History, report: Report): void {
  oneStateABoundary(history, report)
  for (const member of history.members.values()) {
    savedAtTheBoundary(member, history, report)
    for (const { event } of member.loads) loadedAsSaved(event, history, report)
    deliversAfterLoading(member, history, report)
  }
}

/** All members have the same state where a view begins, whoever saves it. */
function oneStateABoundary({ saves }: History, report: Report): void {
  const first = new Map<string, StateSaved>()
  for (const save of saves) {
    report.decide()
    const key = `${save.lineage}/${save.number}`
    const other = first.get(key)
    if (other === undefined) first.set(key, save)
    else if (other.digest !== save.digest) {
      report.broken(`the states of ${other.peer} and ${save.peer} differ where view ${key} begins`, other, save)
    }
  }
}

/** The saver has installed the view, has delivered nothing in it, and has a state itself. */
function savedAtTheBoundary(member: Member, history: History, report: Report): void {
  let installed: Install | undefined
  let delivered: Deliver | undefined
  for (const event of member.lines) {
    if (event.event === 'install') {
      installed = event
      delivered = undefined
    } else if (event.event === 'deliver') delivered = event
    else if (event.event === 'state-saved') {
      const what = `${member.id} saves its state for ${event.lineage}/${event.number}`
      if (installed === undefined || !sameBoundary(installed, event)) {
        report.broken(`${what}, which is not the view that it is in`, installed, event)
      } else if (delivered !== undefined) {
        report.broken(`${what} after it delivered ${delivered.id} in it`, installed, delivered, event)
      }
    }
  }
  statelessSaves(member, history, report)
}

function statelessSaves(member: Member, history: History, report: Report): void {
  if (!history.transfersState) return
  const loaded = new Set<View | undefined>()
  for (const event of member.lines) {
    if (event.event === 'install' && isFounder(member, event.lineage, history))
      loaded.add(rootOf(event.lineage, history))
    if (event.event === 'state-loaded') loaded.add(rootOf(event.lineage, history))
    if (event.event !== 'state-saved' || loaded.has(rootOf(event.lineage, history))) continue
    report.broken(`${member.id} hands out a state before it has one`, event)
  }
}

/** Nothing is known of a provider without any line in the trace. */
function loadedAsSaved(load: StateLoaded, history: History, report: Report): void {
  // Who was still loading when a fork was split off loads there what was saved before.
  const root = rootOf(load.lineage, history)
  const saves = history.saves.filter(
    (save) => save.peer === load.from && save.number === load.number && rootOf(save.lineage, history) === root,
  )
  if (saves.length === 0 && !history.members.has(load.from)) return
  report.decide()
  if (saves.some(({ digest }) => digest === load.digest)) return
  const what = `${load.peer} loads a state for ${load.lineage}/${load.number}`
  if (saves.length === 0) report.broken(`${what} that ${load.from} never saved`, load)
  else report.broken(`${what} that is not the one that ${load.from} saved`, ...saves, load)
}

/** Nothing before the state is loaded, and nothing that is in the state already. */
function deliversAfterLoading(member: Member, history: History, report: Report): void {
  if (!history.transfersState) return
  const loads = new Map<View | undefined, StateLoaded>()
  for (const event of member.lines) {
    if (event.event === 'state-loaded') loads.set(rootOf(event.lineage, history), event)
    if (event.event !== 'deliver') continue
    const root = rootOf(event.lineage, history)
    const load = loads.get(root)
    if (load !== undefined && event.number < load.number) {
      report.broken(
        `${member.id} delivers ${event.id}, which is in the state that it loaded for ${load.number}`,
        load,
        event,
      )
    } else if (load === undefined && joinedLater(member, event.lineage, history)) {
      const late = member.loads.find((other) => rootOf(other.event.lineage, history) === root)
      report.broken(`${member.id} delivers ${event.id} before its state is loaded`, event, late?.event)
    }
  }
}

/** A whole state is one that its provider saved, which is ST1; here: not twice, nor again at an earlier boundary. */
function wholeStates(history: History, report: Report): void {
  for (const member of history.members.values()) {
    const last = new Map<View | undefined, StateLoaded>()
    for (const { event } of member.loads) {
      report.decide()
      const root = rootOf(event.lineage, history)
      const before = last.get(root)
      if (before !== undefined && event.number <= before.number) {
        report.broken(`${member.id} loads a state for ${event.number} after one for ${before.number}`, before, event)
      }
      last.set(root, event)
      beforeItJoined(member, event, root, report)
    }
  }
}

function beforeItJoined(member: Member, load: StateLoaded, root: View | undefined, report: Report): void {
  const entry = member.stays.find(({ view }) => view.root === root)
  if (entry === undefined || load.number >= entry.view.number) return
  report.broken(`${member.id} loads a state for ${load.number}, before the view that let it in`, entry.install, load)
}

function isFounder(member: Member, lineage: string, history: History): boolean {
  const root = rootOf(lineage, history)
  return member.stays.find(({ view }) => view.root === root)?.view.first === true
}

function joinedLater(member: Member, lineage: string, history: History): boolean {
  return member.stays.some(({ view }) => view.lineage === lineage) && !isFounder(member, lineage, history)
}

function sameBoundary(a: Boundary, b: Boundary): boolean {
  return a.lineage === b.lineage && a.number === b.number
}
