/** The public face of Tutti: all that an application needs to join groups. */
export type { CastKind } from './base/cast-kind.ts'
export { type Config, DEFAULT_CONFIG } from './base/config.ts'
export { type Fate, TuttiError, type TuttiErrorCode } from './base/errors.ts'
export type { Lineage, MemberId, MessageId, PeerId } from './base/ids.ts'
export { connect } from './client/connect.ts'
export type { RuntimeOption } from './client/connections.ts'
export {
  FailureEvent,
  GroupMessageEvent,
  MergeEvent,
  SignalingEvent,
  StateEvent,
  StatusEvent,
  ValueProgressEvent,
  ViewEvent,
} from './client/events.ts'
export type {
  AbcastOptions,
  Caster,
  CastOptions,
  CausalToken,
  Codec,
  ConnectOptions,
  Delivery,
  Group,
  GroupEvent,
  GroupEventMap,
  GroupInspection,
  GroupStatus,
  JoinOptions,
  Json,
  Member,
  Merge,
  Message,
  Peer,
  PeerEventMap,
  Progress,
  Receipt,
  Server,
  StateOption,
  ValueProgress,
  View,
  ViewChange,
} from './client/types.ts'
export type { TraceBody, TraceEvent, TraceHeader } from './runtime/trace.ts'
export type { Signaling, SignalingListener, SignalingState } from './transport/signaling.ts'
export type { LinkInfo } from './transport/transport.ts'
