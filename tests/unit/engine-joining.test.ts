import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { type Lineage, type MemberId, memberId, type PeerId } from '../../peer/base/ids.ts'
import { Engine } from '../../peer/engine/engine.ts'
import { Bench, newEngine } from './engine-support.ts'

/** Requests to join that are no longer meant when they are granted. */

const OUTSIDE = { attempt: 1, lineageTag: 0, number: 0 }

describe('a request of an attempt that was given up', () => {
  it('is dropped where the next attempt is let in without having asked there [VW3] [VW7]', () => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.hold('b', 'a', 'relay')
    askFor(bench, 'd.1', 'b')
    expect(requests(bench, 'b')).toEqual(['d.1'])
    bench.engines.set('d' as PeerId, secondAttempt('d'))
    bench.outputs.set('d' as PeerId, [])
    link(bench, 'd', 'a')
    bench.until(() => bench.view('b')?.members.some(({ id }) => id === 'd.2') ?? false)
    expect(requests(bench, 'b')).toEqual([])
    link(bench, 'd', 'b')
    link(bench, 'd', 'c')
    bench.engines.delete('a' as PeerId)
    for (const by of ['b', 'c', 'd']) bench.give(by, { type: 'suspect', member: 'a.1' as MemberId })
    bench.until(() => ['b', 'c', 'd'].every((peer) => members(bench, peer).join() === 'b.1,c.1,d.2'))
  })
})

describe('two groups, each of which lets in a member of the other', () => {
  it('learn that it has a group of its own, and are one in the end [PT4] [VW7]', () => {
    const bench = new Bench(['a', 'b'])
    found(bench, 'x', 'h' as Lineage)
    askFor(bench, 'y.1', 'x')
    start(bench, 'y')
    link(bench, 'x', 'y')
    bench.until(() => members(bench, 'y').join() === 'x.1,y.1')
    askFor(bench, 'a.1', 'x')
    askFor(bench, 'x.1', 'a')
    bench.until(() => members(bench, 'a').includes('x.1') && members(bench, 'x').includes('a.1'))
    link(bench, 'a', 'x')
    bench.until(() => bench.all('x', 'ended').some(({ reason }) => reason === 'merged'))
    // In its next attempt it would ask to be let in; here it is silent from now on.
    bench.until(() => members(bench, 'a').join() === 'a.1,b.1', 60_000)
  })
})

function askFor(bench: Bench, member: string, of: string): void {
  const [peer] = member.split('.') as [string]
  const join = { kind: 'join', member: member as MemberId, info: new Uint8Array(), hasState: true } as const
  bench.inject(of, peer, join, OUTSIDE)
}

function requests(bench: Bench, peer: string): readonly string[] {
  return bench.engine(peer).inspect().joinRequests
}

function members(bench: Bench, peer: string): string[] {
  return (bench.view(peer)?.members ?? []).map(({ id }) => id)
}

function start(bench: Bench, peer: string): void {
  bench.engines.set(peer as PeerId, newEngine(peer))
  bench.outputs.set(peer as PeerId, [])
}

function found(bench: Bench, peer: string, lineage: Lineage): void {
  start(bench, peer)
  bench.give(peer, { type: 'found', lineage })
}

function secondAttempt(peer: string): Engine {
  const self = memberId(peer as PeerId, 2)
  return new Engine({ self, info: new Uint8Array(), hasState: true, forks: false, config: DEFAULT_CONFIG })
}

function link(bench: Bench, one: string, other: string): void {
  bench.give(one, { type: 'link', peer: other as PeerId, up: true })
  bench.give(other, { type: 'link', peer: one as PeerId, up: true })
}
