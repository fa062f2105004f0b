import type { History } from '../../ui/spacetime/history.ts'
import type { Moment } from '../../ui/spacetime/line.ts'
import type { SpacetimeEvent, SpacetimeKind } from '../../ui/spacetime/spacetime-event.ts'

// Traces by hand: members `ada.1`, `bob.1`, `cy.1` of a view `l/1`.

type Loose = Record<string, unknown> & { event: string }

/** A line of a trace; ids are not branded here. */
export function line(t: number, peer: string, body: Loose): SpacetimeEvent {
  return { t, peer, group: 'room', ...body } as unknown as SpacetimeEvent
}

export function install(t: number, peer: string, number: number, members: readonly string[]): SpacetimeEvent {
  return line(t, peer, { event: 'install', lineage: 'l', number, members, primary: true })
}

export function send(t: number, peer: string, seq: number, kind: SpacetimeKind = 'causal', number = 1): SpacetimeEvent {
  return line(t, peer, { event: 'multicast', id: `l/${number}/${peer}/${seq}`, kind, bytes: 10 })
}

export function deliver(
  t: number,
  peer: string,
  from: string,
  seq: number,
  kind: SpacetimeKind = 'causal',
  number = 1,
): SpacetimeEvent {
  const id = `l/${number}/${from}/${seq}`
  return line(t, peer, { event: 'deliver', id, kind, from, lineage: 'l', number })
}

export function fill(history: History, events: Iterable<SpacetimeEvent>): History {
  for (const event of events) history.add(event)
  return history
}

/** The moment of an event. */
export function momentOf(history: History, event: SpacetimeEvent): Moment {
  const found = [...history.moments].find((moment) => moment.event === event)
  if (found === undefined) throw new Error('the event is not kept')
  return found
}

/** What must hold whatever came in: lines in order, no arrow that runs backwards. */
export function faultsOf(history: History): string[] {
  const faults: string[] = []
  for (const { peer, moments } of history.lines.values()) {
    for (const [index, moment] of moments.entries()) {
      if (moment.at < (moments[index - 1]?.at ?? moment.at)) faults.push(`${peer} runs backwards at ${index}`)
      const sent = moment.role === 'arrival' ? moment.flight?.send : undefined
      if (sent !== undefined && sent.at > moment.at) faults.push(`${moment.flight!.id} runs backwards to ${peer}`)
      if (moment.line.indexOf(moment) !== index) faults.push(`${peer} does not find ${index}`)
    }
  }
  return faults
}
