import { differing, type Scenario } from '../scenario.ts'
import type { Delivered } from '../side.ts'

const script = `members a b c d
at 60 abcast a "red"
at 60 abcast b "green"
at 62 abcast d "blue"
at 300 abcast c "white"
at 302 abcast b "black"
run 900`

export const total: Scenario = {
  name: 'total',
  title: 'Two at the same time',
  summary: 'Concurrent messages arrive in different orders, and whoever comes last wins: a different one for each.',
  wrong:
    'Everybody may paint the wall. Nobody answers anybody here, so no order is right or wrong, but everybody should see the same ' +
    'one. Each painter sees the own colour first and those of the others as they come in. In the end each looks at a wall of ' +
    'another colour, and no message that arrives will ever put that right.',
  does:
    'abcast gives one order to all. The eldest member names the place of each message; it is delivered when all before it are. ' +
    'That costs one more hop than cbcast, so use it where it matters: moves of a game, locks, who gets the last seat. If the ' +
    'eldest dies, what it had not ordered yet is ordered by the same rule everywhere. cbcast would be as colourful as the left side.',
  stateTitle: 'sees the wall',
  sides: [
    { title: 'As it comes', system: 'plain', script, expected: 'fault', state: wall },
    { title: 'abcast', system: 'tutti', script, expected: 'fine', state: wall },
  ],
  judge: differing,
  fine: 'Everyone sees the same wall.',
}

function wall(log: readonly Delivered[]): string {
  return log.at(-1)?.value ?? 'bare'
}
