import { connect, type Group, type Peer } from 'tutti'
import 'tutti/ui/define'
import * as ui from 'tutti/ui'

// Never run: what a page of someone else's may write, for the type checker.
export function take(peer: Peer, group: Group<unknown, unknown>): readonly unknown[] {
  return [connect, peer.id, group.view.members, ui]
}

// @ts-expect-error: were the types lost on the way, everything would be allowed.
connect({ signaling: 1 })
