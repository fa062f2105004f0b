import { WebrtcProvider } from 'y-webrtc'
import * as Y from 'yjs'
import { createFaults } from '../../../peer/faults/index.ts'
import { connect, type Member } from '../../../peer/index.ts'
import { TuttiProvider } from '../../../peer/yjs/index.ts'

// A page with one document, shared by the library that its address names.

const asked = new URLSearchParams(location.search)
const room = asked.get('room') ?? 'room'
const name = asked.get('name') ?? ''
const letters = 'abcdefghijklmnopqrstuvwxyz    '
const doc = new Y.Doc()
const text = doc.getText('text')
const pages = doc.getArray<string>('pages')
const faults = createFaults()
const fill = Number(asked.get('fill') ?? 0)
let edits = 0
if (fill > 0) fillUp(fill)
const provider = asked.get('library') === 'y-webrtc' ? joinWebrtc() : joinTutti()
provider.awareness.setLocalStateField('name', name)

function joinTutti(): TuttiProvider {
  const peer = connect({ signaling: asked.get('signaling')!, name, runtime: faults.runtime })
  return new TuttiProvider(room, doc, { peer })
}

function joinWebrtc(): WebrtcProvider {
  return new WebrtcProvider(room, doc, { signaling: [asked.get('hub')!], peerOpts: { config: { iceServers: [] } } })
}

/** Pages of 10,000 characters of random text, 100 in a change. */
function fillUp(bytes: number): void {
  const dice = diceOf(bytes)
  for (let left = bytes; left > 0; ) {
    doc.transact(() => {
      for (let n = 0; n < 100 && left > 0; n++) {
        const length = Math.min(left, 10_000)
        pages.push([Array.from({ length }, () => letters[dice(letters.length)]).join('')])
        left -= length
      }
    })
  }
}

const yjs = {
  doc,
  text,
  provider,
  /** How many other members or peers there are. */
  others: (): number =>
    provider instanceof TuttiProvider
      ? (provider.group?.view.members.length ?? 1) - 1
      : [...(provider.room?.webrtcConns.values() ?? [])].filter(({ connected }) => connected).length,
  /** Names by awareness, this page's own among them. */
  names: (): string[] => [...provider.awareness.getStates().values()].map((state) => `${state.name}`).sort(),
  /** Random edits, some in each turn; each writes its mark into a map, so that it can be seen whether it arrived. */
  async edit(count: number, pauseMs: number): Promise<void> {
    const dice = diceOf(count + text.length)
    for (let n = 0; n < count; n++) {
      const at = dice(text.length + 1)
      const ends = Math.min(text.length, at + dice(5))
      if (dice(3) === 0 && ends > at) text.delete(at, ends - at)
      else text.insert(at, `${name}${edits} `)
      doc.getMap('marks').set(`${name}/${++edits}`, true)
      if (n % 5 === 4) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  },
  /** What this page has written. */
  edits: (): number => edits,
  report: () => ({
    text: digest(text.toString()),
    characters: text.length,
    pages: pages.length,
    pageBytes: pages.toArray().reduce((sum, page) => sum + page.length, 0),
    marks: [...doc.getMap('marks').keys()].sort(),
    state: digest(JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(doc))].sort())),
    waits: doc.store.pendingStructs !== null,
  }),
  cut(): void {
    if (provider instanceof TuttiProvider) for (const member of otherMembers(provider)) faults.cut(member)
  },
  mend: (): void => faults.mendAll(),
}

declare global {
  interface Window {
    yjs: typeof yjs
  }
}

window.yjs = yjs

function otherMembers({ group }: TuttiProvider): Member[] {
  return group!.view.members.filter(({ id }) => id !== group!.self.id)
}

/** Not the browser's: a page of another host than this one has none. FNV-1a, twice 32 bits. */
function digest(value: string): string {
  let [low, high] = [0x811c9dc5, 0x1000193]
  for (let at = 0; at < value.length; at++) {
    low = Math.imul(low ^ value.charCodeAt(at), 0x1000193)
    high = Math.imul(high ^ low, 0x85ebca6b)
  }
  return `${low >>> 0}-${high >>> 0}`
}

/** Whole numbers below a bound, the same at every run. */
function diceOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
