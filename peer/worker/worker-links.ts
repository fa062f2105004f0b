import type { Connection, ConnectionListener } from '../transport/connection.ts'
import { LOW_BYTES } from '../transport/send-queue.ts'
import type { Mail } from './mail.ts'
import type { ToPage, ToWorker } from './protocol.ts'

/** Of the page's words, those about links. */
export type LinkNews = Extract<ToWorker, { readonly link: number }>

/** Connections that the page makes, and whose channels it hands over. */
export class WorkerLinks {
  readonly #mail: Mail<ToPage>
  readonly #links = new Map<number, HandedLink>()
  #lastLink = 0

  constructor(mail: Mail<ToPage>) {
    this.#mail = mail
  }

  connect(initiator: boolean, listener: ConnectionListener): Connection {
    const link = ++this.#lastLink
    const handed = new HandedLink(link, this.#mail, listener, () => this.#links.delete(link))
    this.#links.set(link, handed)
    this.#mail.send({ type: 'link-connect', link, initiator })
    return handed
  }

  take(news: LinkNews): void {
    this.#links.get(news.link)?.take(news)
  }
}

class HandedLink implements Connection {
  readonly #link: number
  readonly #mail: Mail<ToPage>
  readonly #listener: ConnectionListener
  readonly #forget: () => void
  #channel: RTCDataChannel | undefined
  #isOpen = false
  /** What came before the channel said that it is open: one that opened at the page says so late. */
  #early: Uint8Array[] = []
  #measured: Parameters<Connection['measure']>[0] | undefined
  #over = false

  constructor(link: number, mail: Mail<ToPage>, listener: ConnectionListener, forget: () => void) {
    this.#link = link
    this.#mail = mail
    this.#listener = listener
    this.#forget = forget
  }

  signal(signal: Parameters<Connection['signal']>[0]): void {
    this.#mail.send({ type: 'link-signal', link: this.#link, signal })
  }

  measure(done: Parameters<Connection['measure']>[0]): void {
    this.#measured = done
    this.#mail.send({ type: 'link-measure', link: this.#link })
  }

  destroy(): void {
    this.#end()
  }

  take(news: LinkNews): void {
    if (news.type === 'link-channel') this.#take(news.channel)
    else if (news.type === 'link-signal') this.#listener.signal(news.signal)
    else if (news.type === 'link-measured') this.#measured?.(news.measured)
    else this.#end()
  }

  /** Opens in a later turn, whatever it says of its state now. */
  #take(channel: RTCDataChannel): void {
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = LOW_BYTES
    channel.onopen = () => this.#open(channel)
    channel.onmessage = ({ data }) => this.#receive(bytesOf(data))
    channel.onbufferedamountlow = () => this.#listener.low()
    channel.onclose = () => this.#end()
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isOpen) this.#listener.data(bytes)
    else this.#early.push(bytes)
  }

  #open(channel: RTCDataChannel): void {
    this.#isOpen = true
    this.#listener.open({
      get bufferedAmount() {
        return channel.bufferedAmount
      },
      send: (bytes) => channel.send(bytes as Uint8Array<ArrayBuffer>),
    })
    for (const bytes of this.#early.splice(0)) this.#listener.data(bytes)
  }

  /** A channel that closes leaves its connection open: the page is told in any case. */
  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#forget()
    if (this.#channel !== undefined) this.#channel.onmessage = null
    this.#mail.send({ type: 'link-destroy', link: this.#link })
    queueMicrotask(() => this.#listener.closed())
  }
}

/** Frames are binary; text is handed on as what it is not, a frame that is none. */
function bytesOf(data: unknown): Uint8Array {
  return data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(1)
}
