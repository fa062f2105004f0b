/** The pages' end of the hub: messages to topics. */
export class HubClient {
  readonly #socket: WebSocket
  readonly #listeners = new Map<string, (data: unknown) => void>()
  readonly #subscribing = new Map<string, () => void>()

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => this.#take(`${data}`))
  }

  static async open(url: string): Promise<HubClient> {
    const socket = new WebSocket(url)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', () => reject(new Error(`no hub at ${url}`)))
    })
    return new HubClient(socket)
  }

  /** Resolves when whatever is published to the topic comes here. */
  async subscribe(topic: string, listener: (data: unknown) => void): Promise<void> {
    this.#listeners.set(topic, listener)
    const done = new Promise<void>((resolve) => this.#subscribing.set(topic, resolve))
    this.#send({ type: 'subscribe', topics: [topic] })
    await done
  }

  unsubscribe(topic: string): void {
    this.#listeners.delete(topic)
    this.#send({ type: 'unsubscribe', topics: [topic] })
  }

  publish(topic: string, data: unknown): void {
    this.#send({ type: 'publish', topic, data })
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message))
  }

  #take(text: string): void {
    const { type, topics = [], topic = '', data } = JSON.parse(text)
    if (type === 'publish') this.#listeners.get(topic)?.(data)
    if (type === 'subscribed') for (const name of topics) this.#subscribing.get(name)?.()
  }
}
