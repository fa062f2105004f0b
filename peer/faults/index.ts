/** Faults to try an application under: links that are cut or slow, a crash. */
export { createFaults, type Faults, type FaultsOptions, type PeerFault, type Whom } from './faults.ts'
