/**
 * Who is in which room, in order of arrival, and who founds the group of a room in which there is none yet.
 *
 * A room in which nobody has announced a lineage names as founder the first peer that is in it; when that one goes, the
 * next. Nobody is named while members of a living group may still be on their way back: for `bootGraceMs` after the
 * start, and for `founderGraceMs` after the connection of one that had announced a lineage was lost.
 *
 * No socket and no clock of its own: the server and the loopback introducer share it.
 */
export class Rooms {
  readonly #rooms = new Map<string, Room>()
  /** The rooms of each peer, the same facts the other way round. */
  readonly #roomsOf = new Map<string, Set<string>>()
  readonly #options: RoomsOptions
  readonly #listener: RoomsListener
  #booting: boolean
  readonly #cancelBoot: () => void

  constructor(options: RoomsOptions, listener: RoomsListener) {
    this.#options = options
    this.#listener = listener
    this.#booting = options.bootGraceMs > 0
    this.#cancelBoot = options.schedule(options.bootGraceMs, () => {
      this.#booting = false
      for (const name of [...this.#rooms.keys()]) this.#settle(name)
    })
  }

  /** Puts `peer` last in the room, or repeats to it what it should know when it is in already. Returns why not, if not. */
  enter(name: string, peer: string, standing: Standing | undefined): string | undefined {
    const room = this.#rooms.get(name) ?? { peers: new Map(), awaited: new Map(), founder: undefined }
    const known = room.peers.has(peer)
    if (!known && room.peers.size >= this.#options.peersPerRoom) {
      return `the room is full: it holds ${this.#options.peersPerRoom} peers`
    }
    this.#rooms.set(name, room)
    this.#stopAwaiting(room, peer)
    room.peers.set(peer, standing)
    this.#roomsOf.set(peer, (this.#roomsOf.get(peer) ?? new Set()).add(name))
    const others = [...room.peers.keys()].filter((other) => other !== peer)
    this.#listener.room(peer, name, others)
    if (!known) for (const other of others) this.#listener.entered(other, name, peer)
    if (standing !== undefined) room.founder = undefined
    else if (room.founder === peer) this.#listener.founder(peer, name)
    this.#settle(name)
    return undefined
  }

  /** `peer` goes of its own will; with nobody left who announced a lineage, the next founder is named at once. */
  leave(name: string, peer: string): void {
    const room = this.#rooms.get(name)
    if (room?.peers.has(peer)) this.#remove(name, room, peer, false)
  }

  /** The connection of `peer` was lost: it is taken out of every room, and may come back. */
  vanish(peer: string): void {
    for (const name of this.roomsOf(peer)) {
      const room = this.#rooms.get(name)!
      if (room.peers.get(peer) !== undefined) this.#await(name, room, peer)
      this.#remove(name, room, peer, true)
    }
  }

  /** `peer` is a member of a lineage of the room's group; undefined: it no longer is. */
  announce(name: string, peer: string, standing: Standing | undefined): void {
    const room = this.#rooms.get(name)
    if (!room?.peers.has(peer)) return
    room.peers.set(peer, standing)
    if (standing !== undefined) room.founder = undefined
    this.#settle(name)
  }

  has(name: string, peer: string): boolean {
    return this.#rooms.get(name)?.peers.has(peer) === true
  }

  /** Who is in the room, in order of arrival. */
  peersIn(name: string): string[] {
    return [...(this.#rooms.get(name)?.peers.keys() ?? [])]
  }

  /** The rooms that `peer` is in. */
  roomsOf(peer: string): string[] {
    return [...(this.#roomsOf.get(peer) ?? [])]
  }

  /** How many rooms are kept, the empty ones included that wait for a member to come back. */
  get size(): number {
    return this.#rooms.size
  }

  /** Ends every timer and forgets every room, without a word to anybody. */
  close(): void {
    this.#cancelBoot()
    for (const room of this.#rooms.values()) for (const cancel of room.awaited.values()) cancel()
    this.#rooms.clear()
    this.#roomsOf.clear()
  }

  #await(name: string, room: Room, peer: string): void {
    this.#stopAwaiting(room, peer)
    const cancel = this.#options.schedule(this.#options.founderGraceMs, () => {
      room.awaited.delete(peer)
      this.#settle(name)
    })
    room.awaited.set(peer, cancel)
  }

  #stopAwaiting(room: Room, peer: string): void {
    room.awaited.get(peer)?.()
    room.awaited.delete(peer)
  }

  #remove(name: string, room: Room, peer: string, gone: boolean): void {
    room.peers.delete(peer)
    const rooms = this.#roomsOf.get(peer)
    rooms?.delete(name)
    if (rooms?.size === 0) this.#roomsOf.delete(peer)
    if (room.founder === peer) room.founder = undefined
    for (const other of room.peers.keys()) this.#listener.left(other, name, peer, gone)
    this.#settle(name)
  }

  /** Names a founder where one is due, and drops a room that holds nothing. */
  #settle(name: string): void {
    const room = this.#rooms.get(name)
    if (room === undefined || room.awaited.size > 0) return
    const first = room.peers.keys().next().value
    if (first === undefined) {
      this.#rooms.delete(name)
      this.#listener.dropped(name)
      return
    }
    const led = room.founder !== undefined || [...room.peers.values()].some((standing) => standing !== undefined)
    if (led || this.#booting) return
    room.founder = first
    this.#listener.founder(first, name)
  }
}

/** A member's place in the history of a group: which lineage, and the number of its view there. */
export interface Standing {
  readonly lineage: string
  readonly number: number
}

export interface RoomsOptions {
  /** Nobody is named founder for this long after the start, in ms. */
  readonly bootGraceMs: number
  /** A member whose connection was lost is given this long to come back, in ms. */
  readonly founderGraceMs: number
  /** Peers that one room holds. */
  readonly peersPerRoom: number
  /** Runs `run` after `delayMs`, unless the returned function is called before. */
  schedule(delayMs: number, run: () => void): () => void
}

/** What is to be told, `to` whom first. */
export interface RoomsListener {
  /** Who else is in the room, in order of arrival. */
  room(to: string, name: string, others: readonly string[]): void
  entered(to: string, name: string, peer: string): void
  /** `gone`: the connection was lost, nobody said goodbye. */
  left(to: string, name: string, peer: string, gone: boolean): void
  founder(to: string, name: string): void
  /** Nobody is in the room, and nobody is waited for: it is kept no longer. */
  dropped(name: string): void
}

interface Room {
  /** In order of arrival, each with what it announced. */
  readonly peers: Map<string, Standing | undefined>
  /** Members whose connection was lost a moment ago, each with what cancels its grace. */
  readonly awaited: Map<string, () => void>
  /** Named and not yet heard of; undefined once anybody has announced a lineage. */
  founder: string | undefined
}
