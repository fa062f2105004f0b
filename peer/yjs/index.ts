/** Yjs over groups: a provider with the interface of y-webrtc's, and the document in it for groups that are joined already. */
export type { ProviderOptions } from './provider-options.ts'
export { type DocGroup, type SavedDoc, SharedDoc } from './shared-doc.ts'
export type { SharedDocOptions } from './shared-doc-options.ts'
export { type ProviderEvents, TuttiProvider } from './tutti-provider.ts'
