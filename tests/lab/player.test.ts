import { describe, expect, it } from 'vitest'
import type { Order } from '../../demo/lab/orders.ts'
import { ownScenario } from '../../demo/lab/own-script.ts'
import { Player } from '../../demo/lab/player.ts'
import { startRun } from '../../demo/lab/scenario.ts'
import { atomicity } from '../../demo/lab/scenarios/atomicity.ts'
import { partition } from '../../demo/lab/scenarios/partition.ts'
import { reliable } from '../../demo/lab/scenarios/reliable.ts'
import { stateTransfer } from '../../demo/lab/scenarios/state-transfer.ts'
import { scenarios } from '../../demo/lab/scenarios.ts'

describe('a player', () => {
  it('comes to the same by small steps, by large ones, and by going back', () => {
    const [small, large, back] = [0, 1, 2].map(() => new Player(stateTransfer.sides, 3)) as [Player, Player, Player]
    while (!small.isOver) small.advance(7)
    large.seek(large.lengthMs)
    back.seek(1_200)
    back.seek(300)
    back.seek(back.lengthMs)
    const events = ({ runs }: Player) => JSON.stringify(runs.map((run) => run.events))
    expect(events(large)).toBe(events(small))
    expect(events(back)).toBe(events(small))
    expect(back.beginnings).toBe(2)
  })

  it('steps from event to event', () => {
    const player = new Player(reliable.sides, 1)
    player.takeEvents(0)
    player.step()
    const { nowMs } = player
    expect(nowMs).toBeGreaterThan(0)
    player.step()
    expect(player.nowMs).toBeGreaterThan(nowMs)
  })

  it('does on all sides what is done by hand, and again after going back', () => {
    const player = new Player(reliable.sides, 1)
    player.advance(120)
    player.order({ do: 'crash', who: 'd' })
    player.advance(10)
    expect(player.runs.map(({ alive }) => alive)).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
    player.seek(50)
    expect(player.isAlive('d')).toBe(true)
    player.seek(200)
    expect(player.isAlive('d')).toBe(false)
    player.restart()
    player.advance(200)
    expect(player.isAlive('d')).toBe(true)
  })

  it('gives what was done by hand as a script that does it again', () => {
    const player = new Player(atomicity.sides, 5)
    player.advance(300)
    player.order({ do: 'cut', who: 'b', to: 'c' })
    player.advance(100)
    player.order({ do: 'join', who: 'e' })
    player.seek(player.lengthMs)
    const again = startRun({ ...atomicity.sides[1]!, script: player.toScript() }, 5)
    again.run(player.lengthMs)
    expect(JSON.stringify(again.events)).toBe(JSON.stringify(player.runs[1]!.events))
    expect(player.linkState('c', 'b')).toBe('cut')
  })

  it('knows the links as the script and the hands have left them by now', () => {
    const player = new Player(partition.sides, 1)
    player.advance(500)
    expect([player.linkState('c', 'd'), player.linkState('a', 'b')]).toEqual(['cut', 'fine'])
    player.order({ do: 'delay', who: 'a', to: 'b', ms: 300 })
    player.order({ do: 'heal' })
    player.advance(1)
    expect([player.linkState('c', 'd'), player.linkState('a', 'b')]).toEqual(['fine', 'slow'])
    player.seek(100)
    expect([player.linkState('c', 'd'), player.linkState('a', 'b')]).toEqual(['fine', 'fine'])
  })

  it('says by hand what nobody has said', () => {
    const sides = ownScenario('members a b\ncbcast a "hand 1"').sides
    const player = new Player(sides, 1)
    expect(player.nextValue()).toBe('hand 2')
    player.order({ do: 'cast', kind: 'total', who: 'a', value: 'hand 2' })
    expect(player.nextValue()).toBe('hand 3')
  })

  it.each(scenarios)('takes what hands do in the scenario $name', ({ sides, judge }) => {
    const player = new Player(sides, 2)
    const [last, other] = [player.names.at(-1)!, player.names[1]!]
    for (const order of [
      { do: 'delay', who: 'a', to: other, ms: 300 },
      { do: 'join', who: 'z' },
      { do: 'freeze', who: other, ms: 400 },
      { do: 'cast', kind: 'total', who: 'a', value: 'hand 1' },
      { do: 'cut', who: 'a', to: last },
      { do: 'lose', who: other, to: 'a', ms: 100 },
      { do: 'leave', who: last },
      { do: 'heal' },
      { do: 'cast', kind: 'causal', who: 'z', value: 'hand 2' },
      { do: 'crash', who: 'a' },
    ] satisfies Order[]) {
      player.advance(player.lengthMs / 30)
      player.order(order)
    }
    player.seek(player.lengthMs)
    for (const run of player.runs) {
      expect(run.side.broken).toBeUndefined()
      expect([...run.names.map((name) => run.state(name)), judge(run)].join()).not.toMatch(/undefined|NaN/)
    }
  })
})
