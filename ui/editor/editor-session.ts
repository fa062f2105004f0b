import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { SharedDoc } from '../../peer/yjs/index.ts'
import type { GroupHost } from '../group/group-host.ts'
import type { Profile } from '../group/profiles.ts'

/** The text of one name in one group: the document, who is where in it, and what this member may undo. */
export class EditorSession {
  readonly host: GroupHost
  readonly name: string
  readonly text: Y.Text
  readonly awareness: Awareness
  /** Of this member's own edits. */
  readonly undoManager: Y.UndoManager
  readonly #doc = new Y.Doc()
  readonly #shared: SharedDoc
  #close: (() => void) | undefined

  /** @param name - tells several texts of one group apart; may be empty */
  constructor(host: GroupHost, name: string) {
    this.host = host
    this.name = name
    this.text = this.#doc.getText('text')
    this.awareness = new Awareness(this.#doc)
    this.undoManager = new Y.UndoManager(this.text)
    this.#shared = new SharedDoc(this.#doc, { awareness: this.awareness, tag: partOf(name) })
  }

  /** Takes part in the group from now on. */
  open(): void {
    if (this.#close !== undefined) return
    const { host } = this
    const shared = this.#shared
    let isStarted = false
    const start = (): void => {
      if (isStarted || host.group === null || host.group.status === 'left') return
      isStarted = true
      shared.start(host.group)
    }
    const unregister = host.parts.register(shared.tag, {
      save: () => shared.save(),
      load: (saved) => shared.load(saved),
      apply: (message) => shared.apply(message),
    })
    const unobserve = host.observe((event) => {
      // Messages come to the part, also those that came before it was there.
      if (event.type !== 'message') shared.follow(event)
    })
    host.addEventListener('change', start)
    start()
    this.#close = () => {
      unregister()
      unobserve()
      host.removeEventListener('change', start)
      shared.stop()
    }
  }

  /** The document lives on, and may be opened again. */
  close(): void {
    this.#close?.()
    this.#close = undefined
  }

  /** Ends for good. */
  destroy(): void {
    this.close()
    this.#shared.destroy()
    this.awareness.destroy()
    this.#doc.destroy()
  }

  /** Whose page a client of the awareness is; undefined for one who is no member. */
  profileOf(client: number): Profile | undefined {
    const id = this.#shared.memberOf(client)
    const member = this.host.group?.view.members.find((one) => one.id === id)
    return member && this.host.profileOf(member)
  }
}

/** The name of its share of the group's state. */
function partOf(name: string): string {
  return name === '' ? 'editor' : `editor:${name.slice(0, nameUnitsMax).replace(/\p{Surrogate}/gu, '\ufffd')}`
}

/** The name of a part has 64 at most. */
const nameUnitsMax = 57
