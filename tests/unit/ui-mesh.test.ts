import { describe, expect, it } from 'vitest'
import type { LinkInfo, MemberId } from '../../peer/index.ts'
import { type MeshLink, readMesh } from '../../ui/mesh/mesh-model.ts'
import { labelOf, pathOf, placesOf } from '../../ui/mesh/ring.ts'

const [me, ada, bo, cy] = ['me.1', 'ada.1', 'bo.3', 'cy.1'] as MemberId[] as [MemberId, MemberId, MemberId, MemberId]
const members = [{ id: ada }, { id: me }, { id: bo }, { id: cy }]

function mesh(told: unknown, links: readonly Partial<LinkInfo>[] = []) {
  return readMesh({
    members,
    links: links.map((link) => ({ roundTripMs: undefined, bytesQueued: 0, ...link }) as LinkInfo),
    inspection: { self: me, engine: { view: { members: told } } },
  })
}

const linked = (peer: string, state: LinkInfo['state'] = 'direct'): Partial<LinkInfo> => ({
  peer: peer as never,
  state,
})

describe('the mesh', () => {
  it('has a way from here to each other member [FD2]', () => {
    const { self, own } = mesh(
      [
        { id: ada, direct: true, roundTripMs: 12.4 },
        { id: bo, direct: false, via: 'ada', roundTripMs: 30 },
        { id: cy, direct: false, suspected: true, via: 'ada' },
      ],
      [linked('ada'), { ...linked('bo', 'relayed'), bytesQueued: 7 }, linked('cy', 'connecting')],
    )
    expect(self).toBe(1)
    expect(own).toEqual([
      { from: 1, to: 0, way: 'direct', via: undefined, roundTripMs: 12.4, bytesQueued: 0 },
      { from: 1, to: 2, way: 'member', via: 0, roundTripMs: 30, bytesQueued: 7 },
      { from: 1, to: 3, way: 'silent', via: undefined, roundTripMs: undefined, bytesQueued: 0 },
    ])
  })

  it.each([
    { what: 'a TURN server', told: { direct: true }, links: [linked('ada', 'relayed')], way: 'server' },
    { what: 'a link to come', told: { direct: false }, links: [linked('ada', 'connecting')], way: 'connecting' },
    { what: 'no link', told: { direct: false }, links: [], way: 'connecting' },
    { what: 'a link that brings nothing', told: { direct: false }, links: [linked('ada')], way: 'silent' },
    { what: 'something unknown', told: { direct: 'yes', via: 3 }, links: [linked('ada')], way: 'direct' },
  ])('tells $what', ({ told, links, way }) => {
    expect(mesh([{ id: ada, ...told }], links).own[0]).toMatchObject({ to: 0, way })
  })

  it('has the links between others as far as they told', () => {
    const { others } = mesh([
      { id: ada, hears: 'all' },
      { id: bo, hears: [{ id: ada, roundTripMs: 9 }, { id: me }] },
      { id: cy },
    ])
    expect(others).toEqual([
      { from: 0, to: 2, way: 'direct', via: undefined, roundTripMs: 9, bytesQueued: 0 },
      { from: 0, to: 3, way: 'direct', via: undefined, roundTripMs: undefined, bytesQueued: 0 },
    ])
  })

  it.each([[undefined], [7], [[null, {}, { id: ada, hears: 'nobody' }]]])('bears any inspection: %j', (told) => {
    expect(mesh(told).others).toEqual([])
    expect(mesh(told).own.map(({ way }) => way)).toEqual(['connecting', 'connecting', 'connecting'])
  })
})

describe('the ring', () => {
  it('has this member at the bottom, and all in different places', () => {
    for (let size = 2; size <= 16; size++) {
      const places = placesOf(size, 1)
      expect(Math.max(...places.map(({ y }) => y))).toBe(places[1]!.y)
      expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(size)
    }
  })

  it('draws a way through another member beside the link that it shares', () => {
    const places = placesOf(3, 0)
    const link: MeshLink = { from: 0, to: 2, way: 'member', via: 1, roundTripMs: 4, bytesQueued: 0 }
    expect(pathOf(link, places).split('L')).toHaveLength(3)
    expect(pathOf({ ...link, via: undefined }, places).split('L')).toHaveLength(2)
    expect(labelOf(link, places)).not.toEqual(labelOf({ ...link, via: undefined }, places))
  })
})
