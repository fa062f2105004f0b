import type { Group } from '../../peer/index.ts'
import type { GroupHost } from '../group/group-host.ts'
import { OwnTrace } from './own-trace.ts'
import type { TraceListener } from './trace-session.ts'
import { TraceSharing } from './trace-sharing.ts'

/** Where the events of a group come from. */
export interface Source {
  readonly group: Group<unknown, unknown>
  /** Whether the others are asked for theirs. */
  want(everyone: boolean): void
  close(): void
}

/** The trace of this page's member, and those of the others while they are wanted. */
export function openSource(group: Group<unknown, unknown>, host: GroupHost, listener: TraceListener): Source {
  const trace = new OwnTrace(group, (events) => listener.take(events))
  const sharing = TraceSharing.of(host)
  const closeSharing = sharing.open(listener)
  return {
    group,
    want: (everyone) => sharing.want(listener, everyone),
    close() {
      trace.close()
      closeSharing()
    },
  }
}
