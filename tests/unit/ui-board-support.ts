import type { Member, MessageId } from '../../peer/index.ts'
import { Acts } from '../../ui/board/acts.ts'
import type { BoardValue } from '../../ui/board/board-values.ts'
import { Drafts } from '../../ui/board/drafts.ts'
import { BoardModel, type PartMessage } from '../../ui/index.ts'

let messages = 0

export function message(from: string, value: object): PartMessage {
  messages += 1
  return {
    id: `l/1/${from}/${messages}` as MessageId,
    kind: 'causal',
    value: { tutti: 'board', ...value },
    from: { id: from, name: from, metadata: null, rank: 0 } as unknown as Member,
  }
}

interface Sent {
  readonly message: PartMessage
  readonly past: ReadonlySet<Sent>
  readonly order: number | undefined
}

/** One member's board: model, pens and history as the element has them. */
export class Site {
  readonly name: string
  readonly board: BoardModel
  readonly acts: Acts
  readonly drafts: Drafts
  readonly got = new Set<Sent>()

  constructor(
    name: string,
    weightMax: number | undefined,
    send: (site: Site, value: BoardValue, total: boolean) => void,
  ) {
    this.name = name
    this.board = new BoardModel(() => this.drafts.settle(), weightMax)
    const cast = (kind: string, value: BoardValue): boolean => {
      send(this, value, kind === 'abcast')
      return true
    }
    this.acts = new Acts(this.board, cast, () => false)
    this.drafts = new Drafts(this.board, this.acts, cast)
    this.acts.become(name)
    this.drafts.become(name, name)
  }
}

/** Three members with causal delivery, one total order among ABCASTs, and all else as late as may be. */
export class World {
  readonly sites: readonly Site[]
  readonly #sent: Sent[] = []
  #orders = 0

  constructor(names: readonly string[], weightMax?: number) {
    this.sites = names.map((name) => new Site(name, weightMax, (site, value, total) => this.#send(site, value, total)))
  }

  /** One step: someone draws, goes on drawing, lets go, moves, writes, erases, clears, undoes, redoes or receives. */
  act(choice: number): void {
    const site = this.sites[choice % 3]!
    const { board, acts, drafts } = site
    const spot = Math.floor(choice / 3)
    const { things } = board
    const thing = things[spot % Math.max(things.length, 1)]
    const place = [spot % 500, (spot * 7) % 500, 50]
    switch (spot % 14) {
      case 0:
        return void drafts.press(1, 'pen', { color: 1, width: 5 }, place)
      case 1:
        return void drafts.press(2, 'arrow', { color: 2, width: 5 }, [...place, ...place])
      case 2:
        for (const pointer of [1, 2]) drafts.move(pointer, [[place[1]!, place[0]!, 50]])
        return drafts.flush()
      case 3:
        return drafts.lift(1)
      case 4:
        return drafts.lift(2)
      case 5: {
        drafts.press(3, 'text', { color: 0, width: 30 }, place, `text ${spot}`)
        return drafts.lift(3)
      }
      case 6: {
        if (thing === undefined || !acts.move([[thing.id, spot % 90, spot % 70]])) return
        return acts.moved([[thing.id, thing.dx, thing.dy]], [[thing.id, spot % 90, spot % 70]])
      }
      case 7:
        if (thing?.kind !== 'text' || !acts.write(thing.id, `other ${spot}`)) return
        return acts.wrote(thing.id, thing.text, `other ${spot}`)
      case 8:
        return void (thing && acts.erase([thing.id], spot % 2 === 0))
      case 9:
        return void (spot % 3 === 0 && acts.clear())
      case 10:
        return void acts.undo()
      case 11:
        return void acts.redo()
      default:
        return this.#deliverOne(site, choice)
    }
  }

  /** Delivers all that is under way, in an order that the seed chooses. */
  settle(seed: number): void {
    for (let step = seed % 1000; this.sites.some(({ got }) => got.size < this.#sent.length); step += 7) {
      this.#deliverOne(this.sites[step % 3]!, step)
    }
  }

  saved(): unknown[] {
    return this.sites.map(({ board }) => board.save())
  }

  seen(): unknown[] {
    return this.sites.map(({ board }) => board.things)
  }

  #send(site: Site, value: BoardValue, total: boolean): void {
    const order = total ? ++this.#orders : undefined
    const sent = { message: message(site.name, value), past: new Set(site.got), order }
    this.#sent.push(sent)
    if (!total) this.#deliver(site, sent)
  }

  #deliverOne(site: Site, choice: number): void {
    const ready = this.#sent.filter((sent) => !site.got.has(sent) && this.#isReady(site, sent))
    if (ready.length > 0) this.#deliver(site, ready[choice % ready.length]!)
  }

  /** What it follows is delivered; of an ABCAST, all before it in the total order too. */
  #isReady({ got }: Site, { message, past, order }: Sent): boolean {
    const before = this.#sent.filter((other) => order !== undefined && other.order !== undefined && other.order < order)
    const earlier = this.#sent.slice(
      0,
      this.#sent.findIndex((other) => other.message === message),
    )
    const own = earlier.filter((other) => other.message.from.id === message.from.id)
    return [...past, ...before, ...own].every((other) => got.has(other))
  }

  #deliver(site: Site, sent: Sent): void {
    site.got.add(sent)
    site.board.apply(structuredClone(sent.message))
  }
}
