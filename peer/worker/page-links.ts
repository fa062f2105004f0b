import type SimplePeer from 'simple-peer/simplepeer.min.js'
import { giveSignal, makePeer, measurePeer, onSignal } from '../transport/simple-peers.ts'
import type { Mail } from './mail.ts'
import type { ToPage, ToWorker } from './protocol.ts'

/** Of the worker's words, those about links. */
export type LinkOrder = Extract<ToPage, { readonly link: number }>

/**
 * The connections of a worker's links: only a page can make them. Their channels are handed to the worker, and what
 * remains here is how they come about and end.
 */
export class PageLinks {
  readonly #mail: Mail<ToWorker>
  readonly #iceServers: () => readonly RTCIceServer[]
  readonly #peers = new Map<number, SimplePeer>()

  constructor(mail: Mail<ToWorker>, iceServers: () => readonly RTCIceServer[]) {
    this.#mail = mail
    this.#iceServers = iceServers
  }

  take(order: LinkOrder): void {
    const { type, link } = order
    const peer = this.#peers.get(link)
    if (type === 'link-connect') this.#connect(link, order.initiator)
    else if (peer === undefined) return
    else if (type === 'link-destroy') peer.destroy()
    else if (type === 'link-signal') signalOrNot(peer, order)
    else measurePeer(peer, (measured) => this.#mail.send({ type: 'link-measured', link, measured }))
  }

  close(): void {
    for (const peer of this.#peers.values()) peer.destroy()
  }

  #connect(link: number, initiator: boolean): void {
    const peer = makePeer(initiator, { iceServers: this.#iceServers(), wrtc: undefined })
    this.#peers.set(link, peer)
    onSignal(peer, (signal) => this.#mail.send({ type: 'link-signal', link, signal }))
    peer.on('close', () => {
      this.#peers.delete(link)
      this.#mail.send({ type: 'link-closed', link })
    })
    const hand = (channel: RTCDataChannel): void => {
      try {
        this.#mail.sendNow({ type: 'link-channel', link, channel }, [channel])
      } catch {
        // A browser lets a channel go only in the turn in which it hands it out, and may be late to tell of it: another try.
        peer.destroy()
      }
    }
    if (initiator) hand(peer._channel!)
    else peer._pc.addEventListener('datachannel', ({ channel }) => hand(channel))
  }
}

function signalOrNot(peer: SimplePeer, { signal }: Extract<LinkOrder, { type: 'link-signal' }>): void {
  try {
    giveSignal(peer, signal)
  } catch {
    // The other end sent what is no description or candidate: without them the attempt runs out of time.
  }
}
