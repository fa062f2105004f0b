/** What is used of the analyzer, and of the TypeScript that it brings along. Its own types leave both out. */
declare module '@custom-elements-manifest/analyzer/index.js' {
  import type { InitializeParams } from '@custom-elements-manifest/analyzer'
  import type { Manifest } from './manifest.ts'

  export const ts: InitializeParams['ts']
  export function create(options: { modules: readonly unknown[]; plugins: readonly object[] }): Manifest
}

declare module '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js' {
  export function litPlugin(): object[]
}
