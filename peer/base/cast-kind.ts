/** Which guarantee of order a multicast asks for: FBCAST, CBCAST, ABCAST. */
export type CastKind = 'fifo' | 'causal' | 'total'

/**
 * What a multicast is for: the application's, or a step of bringing in a state out of two merged ones: everyone stops sending
 * (`pause`), everyone takes the state that its payload is (`state`), or goes on without one (`resume`).
 */
export type CastPurpose = 'message' | 'pause' | 'state' | 'resume'
