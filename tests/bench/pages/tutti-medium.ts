import { type ConnectOptions, connect, type Group, type Peer } from '../../../peer/index.ts'
import { historyOf } from './history.ts'
import { asked, heard, heardOwn, measure, room, tabs } from './meter.ts'

/** Multicasts under way before one is awaited: that is where a full window is felt. */
const SLICE = 256

const kind = asked.get('kind') === 'abcast' ? 'abcast' : 'cbcast'
let peer: Peer
let group: Group<Uint8Array>
let history: readonly string[] = ['no member yet']

/** The library as an application uses it. The address says which kind of multicast. `options`: what is not the default. */
export function measureTutti(options: Partial<ConnectOptions> = {}): void {
  measure({
    async join() {
      peer = connect({ signaling: asked.get('signaling')!, ...options })
      group = await peer.join<Uint8Array, never>(room)
      history = historyOf(group)
      // All in one view, and each linked to all others.
      const isWhole = (): boolean => group.view.members.length === tabs && openLinks() === tabs - 1
      while (!isWhole()) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    listen() {
      group.addEventListener('message', ({ value, from }) => (from.id === group.self.id ? heardOwn() : heard(value)))
    },
    async burst(count, message) {
      for (let n = 1; n <= count; n++) {
        const receipt = group[kind](message)
        if (n % SLICE === 0) await receipt
      }
    },
    say: (message) => void group[kind](message),
    async bulk(bytes) {
      await group[kind](new Uint8Array(bytes))
    },
    rank: () => group.self.rank,
    standing: () => history.join('; '),
  })
}

function openLinks(): number {
  return peer.links.filter(({ state }) => state === 'direct').length
}
