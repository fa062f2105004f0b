import { type Config, DEFAULT_CONFIG } from '../../peer/index.ts'

/** Short enough that a view change fits on the screen beside the messages around it. */
export const LAB_CONFIG: Config = {
  ...DEFAULT_CONFIG,
  heartbeatIntervalMs: 100,
  pingIntervalMs: 400,
  statusDelayMs: 20,
  suspectAfterHintMs: 250,
  suspectAfterMs: 900,
  probeTimeoutMs: 150,
  ownLatenessMs: 300,
  retryMs: 150,
  ballotRetryMs: 400,
  joinRetryMs: 200,
  pullAfterMs: 80,
  orphanMs: 2_000,
  witnessWaitMs: 100,
  witnessChangeMs: 600,
  forkAfterMs: 400,
  mergeTimeoutMs: 4_000,
  fateTimeoutMs: 3_000,
}
