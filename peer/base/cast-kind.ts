/** Which guarantee of order a multicast asks for: FBCAST, CBCAST, ABCAST. */
export type CastKind = 'fifo' | 'causal' | 'total'
