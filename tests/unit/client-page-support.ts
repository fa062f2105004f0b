import { vi } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { localRuntime } from '../../peer/client/local-runtime.ts'
import { encodeInfo } from '../../peer/client/member-info.ts'
import { createPeer } from '../../peer/client/peer.ts'
import { randomName } from '../../peer/client/random-name.ts'
import type { Group, JoinOptions, Peer } from '../../peer/client/types.ts'
import { type Clock, realClock } from '../../peer/runtime/clock.ts'
import type { TraceEvent } from '../../peer/runtime/trace.ts'
import { createLoopbackNetwork } from '../../peer/transport/loopback.ts'
import { createLoopbackSignaling } from '../../peer/transport/signaling-loopback.ts'

/** A page of this process with a peer in it, which goes and comes back as a test says. */
export interface Page {
  readonly peer: Peer
  /** What the page tells its scripts. `kept`: it may come back. */
  hide(kept: boolean): void
  show(): void
  readonly traced: TraceEvent[]
}

/** Pages that meet over links and an introducer inside this process; all else is what an application gets. */
export class Pages {
  readonly network = createLoopbackNetwork()
  readonly signaling = createLoopbackSignaling()
  readonly #all: Page[] = []

  open(clock: Clock = realClock): Page {
    const events = new EventTarget()
    vi.stubGlobal('addEventListener', events.addEventListener.bind(events))
    vi.stubGlobal('removeEventListener', () => {})
    const traced: TraceEvent[] = []
    const peer = createPeer({
      info: encodeInfo('', null, 1_000),
      signaling: this.signaling.connect(),
      config: DEFAULT_CONFIG,
      clock,
      random: randomName,
      runtime: localRuntime({ clock, transport: ({ self }) => this.network.transport(self) }),
      iceServers: undefined,
      trace: (event) => traced.push(event),
    })
    const tell = (type: string, persisted: boolean): void => {
      events.dispatchEvent(Object.assign(new Event(type), { persisted }))
    }
    const page = { peer, traced, hide: (kept: boolean) => tell('pagehide', kept), show: () => tell('pageshow', true) }
    this.#all.push(page)
    return page
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map(({ peer }) => peer.close()))
  }
}

/** A member whose state is the list of all that was delivered. */
export interface Lister {
  readonly group: Group<number, number[]>
  readonly list: number[]
  /** What listeners were told, in short. */
  readonly told: string[]
}

export async function join(
  { peer }: Page,
  options: Pick<JoinOptions<number, number[]>, 'signal'> & { load?: () => Promise<void> } = {},
): Promise<Lister> {
  const [list, told]: [number[], string[]] = [[], []]
  const load = async (saved: number[]): Promise<void> => {
    told.push(`load ${saved}`)
    await options.load?.()
    list.splice(0, list.length, ...saved)
  }
  const group = await peer.join<number, number[]>('room', { state: { save: () => [...list], load } })
  group.addEventListener('message', ({ value }) => list.push(value))
  group.addEventListener('status', ({ status }) => told.push(status))
  group.addEventListener('error', ({ error }) => told.push(error.code))
  return { group, list, told }
}
