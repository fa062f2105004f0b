import { afterEach, beforeEach, expect } from 'vitest'
import { type Config, DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { PeerId } from '../../peer/base/ids.ts'
import { defaultCodec } from '../../peer/client/codec.ts'
import type { Connections } from '../../peer/client/connections.ts'
import { GroupHandle } from '../../peer/client/group.ts'
import type { GroupCore } from '../../peer/client/group-core.ts'
import { GroupTrace } from '../../peer/client/group-trace.ts'
import { localRuntime } from '../../peer/client/local-runtime.ts'
import { encodeInfo } from '../../peer/client/member-info.ts'
import type { Group, GroupEvent, JoinOptions } from '../../peer/client/types.ts'
import type { Output } from '../../peer/engine/io.ts'
import type { TraceEvent } from '../../peer/runtime/trace.ts'
import { install, ManualClock, ScriptedEngine, turn } from './client-support.ts'

/** A group over a scripted engine: the test file puts that one in the engine's place, by `vi.mock`. */
export interface Opened {
  group: Group
  core: GroupCore<unknown, unknown>
  clock: ManualClock
  engine: ScriptedEngine
  ended: () => boolean
  traced: TraceEvent[]
  /** Has the engine put this out. */
  put(...outputs: Output[]): void
}

export function open(join: JoinOptions = {}, config: Partial<Config> = {}): Opened {
  const clock = new ManualClock()
  const traced: TraceEvent[] = []
  let over = false
  const { group, core } = GroupHandle.open<unknown, unknown>({
    name: 'room',
    peer: 'me' as PeerId,
    attemptsBefore: 0,
    info: encodeInfo('Me', null, 1_000),
    join,
    config: { ...DEFAULT_CONFIG, ...config },
    clock,
    connections: unlinked(clock),
    trace: new GroupTrace((event) => traced.push(event)),
    host: {
      standing: () => {},
      ended: () => {
        over = true
      },
      askWitness: () => {},
    },
  })
  const put = (...outputs: Output[]): void => {
    ScriptedEngine.last.script(outputs)
    core.membership.input({ type: 'tick' })
  }
  return { group, core, clock, engine: ScriptedEngine.last, ended: () => over, traced, put }
}

/** Links to nobody. */
function unlinked(clock: ManualClock): Connections {
  const nothing = (): void => {}
  const links = { want: nothing, unwant: nothing, send: nothing, reset: nothing, links: () => [], close: nothing }
  const transport = { ...links, listen: nothing, frameBytesMax: 1_000 }
  return localRuntime({ clock, transport: () => transport }).connect({
    self: 'me' as PeerId,
    before: 0,
    signal: nothing,
    iceServers: () => [],
    needed: () => [],
    versionMismatch: nothing,
    failed: nothing,
  })
}

/** A member of a view of two that has joined, and may be told of messages. */
export async function joined(join: JoinOptions = {}, config: Partial<Config> = {}): Promise<Opened> {
  const opened = open(join, config)
  opened.put(install(1, ['me.1']), install(2, ['me.1', 'you.1'], { joined: ['you.1'] }))
  await opened.core.joined
  await opened.clock.pass(0)
  return opened
}

const eventTypes = ['view', 'message', 'status', 'state', 'progress', 'merge', 'error'] as const

/** What listeners hear, in short. */
export function heard(group: Group): string[] {
  const lines: string[] = []
  for (const type of eventTypes) group.addEventListener(type, (event) => lines.push(short(event)))
  return lines
}

function short(event: GroupEvent): string {
  switch (event.type) {
    case 'view':
      return `view ${event.view.number}`
    case 'message':
      return `message ${String(event.value)}`
    case 'status':
      return `status ${event.status}`
    case 'state':
      return `state ${event.bytes}/${event.total}`
    case 'progress':
      return `progress ${event.bytes}/${event.total} of ${event.from.id}`
    case 'merge':
      return `merge ${event.from} into ${event.into}`
    case 'error':
      return `error ${event.error.code} ${event.error.fate ?? ''}`.trim()
  }
}

export async function take(iterator: AsyncIterator<GroupEvent>, count: number): Promise<string[]> {
  const lines: string[] = []
  for (let i = 0; i < count; i++) {
    const next = await iterator.next()
    if (next.done) break
    lines.push(short(next.value))
  }
  return lines
}

/** Fails a test that leaves a rejection unhandled. Call once in a test file. */
export function forbidUnhandledRejections(): void {
  const unhandled: unknown[] = []
  const note = (error: unknown): void => void unhandled.push(error)

  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', note)
  })

  afterEach(async () => {
    await turn()
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
}

export function encoded(value: unknown): Uint8Array {
  return defaultCodec.encode(value)
}
