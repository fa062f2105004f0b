/** Groups between the tabs of one browser, without a server: `connect({ signaling: localSignaling() })`. */
export { type LocalSignalingOptions, localSignaling } from '../transport/signaling-local.ts'
