import * as Y from 'yjs'
import type { Peer } from '../../peer/client/types.ts'
import { type ProviderOptions, TuttiProvider } from '../../peer/yjs/index.ts'
import { eventually, type Rig } from '../contract/group-support.ts'

/** A page with a document. */
export interface Writer {
  readonly peer: Peer
  readonly doc: Y.Doc
  readonly text: Y.Text
  readonly provider: TuttiProvider
}

type Wishes = Omit<Partial<ProviderOptions>, 'peer'> & { readonly doc?: Y.Doc; readonly config?: object }

/** A page that joins; it may not be there yet. */
export function writer(rig: Rig, { doc = new Y.Doc(), config = {}, ...wishes }: Wishes = {}): Writer {
  const peer = rig.peer({ config })
  const provider = new TuttiProvider('room', doc, { peer, ...wishes })
  return { peer, doc, text: doc.getText('text'), provider }
}

/** So many, all synced in one view. */
export async function writers(rig: Rig, count: number, wishes: Wishes = {}): Promise<Writer[]> {
  const all = Array.from({ length: count }, () => writer(rig, wishes))
  await together(all)
  return all
}

export async function together(all: readonly Writer[]): Promise<void> {
  const sizes = all.map(() => all.length)
  await eventually(() =>
    all.map(({ provider }) => (provider.synced ? provider.group?.view.members.length : 0)),
  ).toEqual(sizes)
}

/** Resolves when all have the same text, and it is this one, if one is given. */
export async function converged(all: readonly Writer[], text?: string): Promise<void> {
  const wanted = (): string => text ?? all[0]!.text.toString()
  await eventually(() => all.map((one) => one.text.toString() === wanted())).toEqual(all.map(() => true))
  await eventually(() => all.every(({ doc }) => sameContent(doc, all[0]!.doc))).toBe(true)
}

/** Insertions and deletions alike, and nothing that waits for what never came. */
export function sameContent(one: Y.Doc, other: Y.Doc): boolean {
  return (
    Y.equalSnapshots(Y.snapshot(one), Y.snapshot(other)) &&
    [one, other].every(({ store }) => store.pendingStructs === null)
  )
}
