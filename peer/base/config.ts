/** Every timeout and limit, with units in the names. Times in milliseconds, sizes in bytes. */
export interface Config {
  /** A member sends a status to every other at least this often. */
  readonly heartbeatIntervalMs: number
  /** The link to each other member is measured this often. */
  readonly pingIntervalMs: number
  /** Data that came in is acknowledged within this time, or as soon as it is a sixteenth of the window. */
  readonly statusDelayMs: number
  /** Silence that counts once there is a sign: the link closed, or the server says that its socket is gone. */
  readonly suspectAfterHintMs: number
  /** Silence that counts with no sign at all. */
  readonly suspectAfterMs: number
  /** How long the others are given to say that they still hear one whom this member does not. */
  readonly probeTimeoutMs: number
  /** A timer later than this is this member's own fault: all deadlines move by the delay. */
  readonly ownLatenessMs: number
  /** How long a coordinator waits before it repeats what was not answered. */
  readonly retryMs: number
  /** How long after a refused or overtaken ballot its coordinator starts another, if nothing was decided. */
  readonly ballotRetryMs: number
  /** A joiner repeats its request this often. */
  readonly joinRetryMs: number
  /** A gap that is still there after this time is pulled. */
  readonly pullAfterMs: number
  /** A member without state gives a lineage up when nobody with state was heard for this long. */
  readonly orphanMs: number
  /** How long a coordinator waits for what the witness has to say. */
  readonly witnessWaitMs: number
  /** A witness that is gone, or has a new token, for this long is a reason for a view change. */
  readonly witnessChangeMs: number
  /** A member that may fork does so when it has been without a quorum for this long. */
  readonly forkAfterMs: number
  /** Members of a lineage that was dissolved found a new one if the other could not be joined for this long. */
  readonly mergeTimeoutMs: number
  /** Bytes of deliveries that are kept in mind in case that a lineage is dissolved: what the other lacks is told, or sent again. */
  readonly replayBytesMax: number
  /** How long a leaver waits for the decision that lets it go; then it goes anyway, and fates are `unknown`. */
  readonly fateTimeoutMs: number
  /** A save that takes longer than this is taken for failed, and another provider is asked. */
  readonly saveTimeoutMs: number
  /** How long `save` and `load` wait for iterators to ask for their next event. */
  readonly consumerWaitMs: number
  /** An iterator that asks for nothing for this long, its queue full, ends with `consumer-stalled`. */
  readonly consumerStallMs: number
  /** Bytes of events an iterator may hold unread. */
  readonly consumerQueueBytesMax: number
  /** Decisions whose cut is kept, so that one who slept can learn its fates. */
  readonly fatesKept: number
  /** Multicasts that may wait to be sent (a view change, a blocked group). */
  readonly queueMessagesMax: number
  /** Bytes of multicasts that may wait to be sent. */
  readonly queueBytesMax: number
  /** Multicasts of one member that not every member has: more wait until these are stable. Parts of large values count. */
  readonly windowMessages: number
  /**
   * The same in bytes. With 1 MiB and more under way on a new link, SCTP's slow start in Chromium overruns the socket of the other
   * end: it loses hundreds of packets at once, and is silent for up to 10 s and longer while it sends them again.
   */
  readonly windowBytes: number
  /** A member that holds a window closed for this long, and nothing moves, is suspected. */
  readonly windowStallMs: number
  /** The largest value of one multicast, encoded; the default codec's tag and length before bytes or text are not counted. */
  readonly messageBytesMax: number
  /** A value larger than this travels in parts. */
  readonly fragmentBytes: number
  /** Bytes of saved state in one chunk. */
  readonly chunkBytes: number
  /** Chunks of one state transfer under way before one is acknowledged. */
  readonly chunksInFlight: number
  /** The largest state that a joiner takes. */
  readonly stateBytesMax: number
  /** Bytes of a member's name and metadata together, encoded. */
  readonly memberInfoBytesMax: number
  /** Members of a group. */
  readonly membersMax: number
  /** Messages for views that are not installed here yet, kept until they are. */
  readonly aheadMessagesMax: number
  /** The same in bytes. */
  readonly aheadBytesMax: number
}

export const DEFAULT_CONFIG: Config = {
  heartbeatIntervalMs: 500,
  pingIntervalMs: 2_000,
  statusDelayMs: 50,
  suspectAfterHintMs: 2_000,
  suspectAfterMs: 12_000,
  probeTimeoutMs: 1_000,
  ownLatenessMs: 1_000,
  retryMs: 400,
  ballotRetryMs: 1_500,
  joinRetryMs: 500,
  pullAfterMs: 100,
  orphanMs: 5_000,
  witnessWaitMs: 300,
  witnessChangeMs: 2_000,
  forkAfterMs: 2_000,
  mergeTimeoutMs: 10_000,
  replayBytesMax: 8 * 1024 * 1024,
  fateTimeoutMs: 5_000,
  saveTimeoutMs: 30_000,
  consumerWaitMs: 2_000,
  consumerStallMs: 30_000,
  consumerQueueBytesMax: 64 * 1024 * 1024,
  fatesKept: 256,
  queueMessagesMax: 65_536,
  queueBytesMax: 256 * 1024 * 1024,
  windowMessages: 16_384,
  windowBytes: 512 * 1024,
  windowStallMs: 45_000,
  messageBytesMax: 64 * 1024 * 1024,
  fragmentBytes: 16 * 1024,
  chunkBytes: 16 * 1024,
  chunksInFlight: 16,
  stateBytesMax: 1024 * 1024 * 1024,
  memberInfoBytesMax: 4 * 1024,
  membersMax: 256,
  aheadMessagesMax: 8_192,
  aheadBytesMax: 16 * 1024 * 1024,
}
