import type { MemberId } from '../base/ids.ts'
import type { MemberRecord } from '../base/view.ts'
import type { LocalConnections } from '../client/local-runtime.ts'
import type { PortOutput } from '../client/membership-port.ts'
import type { Input } from '../engine/io.ts'
import { realClock } from '../runtime/clock.ts'
import { digestOf } from '../runtime/digest.ts'
import type { Membership } from '../runtime/membership.ts'
import { type Mail, own, type Sealed } from './mail.ts'
import type { Settings, ToPage, ToWorker } from './protocol.ts'
import { type Multicast, OutputRun, RUN_PAYLOAD_MAX, readMulticasts } from './runs.ts'

/** Of the page's words, those about one membership. */
export type GroupOrder = Exclude<Extract<ToWorker, { readonly group: number }>, { type: 'join' }>

/** A membership in the worker: what it tells goes to the page, and what the page says comes in. */
export class HostedGroup {
  readonly membership: Membership
  readonly #number: number
  readonly #mail: Mail<ToPage>
  readonly #bytesMax: number
  /** What the page was told last: whose outputs follow. */
  #self: MemberId | undefined
  /** Takes more until the turn is over, or something else is told. */
  #run: OutputRun | undefined
  readonly #ranks = new Map<MemberId, number>()
  /** The same records with bytes of their own: those that the engine has are part of a frame. */
  readonly #records = new Map<MemberId, MemberRecord>()
  /** Bytes of deliveries that the page was given and has not dealt with. */
  #untaken = 0
  #isPageFull = false
  #isFull = false
  #isTraced: boolean
  #isInspected = false

  constructor(number: number, settings: Settings, connections: LocalConnections, mail: Mail<ToPage>) {
    this.#number = number
    this.#mail = mail
    this.#bytesMax = settings.config.consumerQueueBytesMax
    this.#isTraced = settings.isTraced
    this.membership = connections.membership({
      ...settings,
      digest: (state) => (this.#isTraced ? digestOf(state) : ''),
      trace: (event) => this.#isTraced && this.#tell({ type: 'trace', group: number, event }),
      isTraced: () => this.#isTraced,
      askWitness: (request) => this.#tell({ type: 'ask-witness', group: number, request: own(request) }),
      app: (output, self) => this.#app(output, self),
    })
    this.#inspect()
  }

  take(order: Exclude<GroupOrder, { type: 'resume' }>): void {
    switch (order.type) {
      case 'input':
        return this.#input(order.input)
      case 'multicasts':
        return this.#multicast(order.self, readMulticasts(order.run))
      case 'taken':
        this.#untaken -= order.bytes
        return this.#tellConsumer()
      case 'traced':
        this.#isTraced = order.isTraced
        return
      case 'inspect':
        return this.#inspect()
      case 'pause':
        return this.membership.pause()
      case 'stop':
        return this.membership.stop()
    }
  }

  #input(input: Input): void {
    if (input.type === 'consumer') {
      this.#isPageFull = input.full
      this.#tellConsumer()
    } else if (this.membership.isBetween) realClock.defer(() => this.#input(input))
    else if (input.type === 'multicast') this.#multicast(this.membership.self, [input])
    else this.membership.input(input)
  }

  /** What was asked for in an attempt that is over is not sent in the next: the page would not have asked. */
  #multicast(self: MemberId, multicasts: readonly Multicast[]): void {
    const { membership } = this
    const isLate = membership.isBetween || self !== membership.self
    for (const input of multicasts) {
      if (isLate) this.#app({ type: 'fate', ref: input.ref, id: undefined, fate: 'not-sent' }, membership.self)
      else membership.input(input)
    }
  }

  #app(output: PortOutput, self: MemberId): void {
    if (self !== this.#self) {
      this.#self = self
      this.#tell({ type: 'began', group: this.#number, self })
    }
    if (output.type === 'stamped' || output.type === 'stable') return this.#open().tell(output.type, output.ref)
    if (output.type === 'deliver') {
      const rank = this.#ranks.get(output.from.id)
      if (rank !== undefined && output.payload.length <= RUN_PAYLOAD_MAX) return this.#open().deliver(output, rank)
      this.#untaken += output.payload.length
    }
    if (output.type === 'install') this.#note(output.view.members)
    const [told, transfer] = this.#ownOf(output)
    this.#tell({ type: 'output', group: this.#number, output: told }, transfer)
    if (output.type === 'install' || output.type === 'ended') this.#inspect()
    if (output.type === 'deliver') this.#tellConsumer()
  }

  #open(): OutputRun {
    if (this.#run !== undefined) return this.#run
    const run = new OutputRun()
    this.#run = run
    this.#mail.add(() => {
      if (this.#run === run) this.#run = undefined
      this.#untaken += run.bytes
      this.#tellConsumer()
      const bytes = run.finish()
      return [{ type: 'run', group: this.#number, run: bytes }, [bytes.buffer]]
    })
    return run
  }

  #tell(item: ToPage, transfer: readonly Transferable[] = []): void {
    this.#run = undefined
    this.#mail.send(item, transfer)
  }

  /** As of the end of the turn. */
  #inspect(): void {
    if (this.#isInspected) return
    this.#isInspected = true
    this.#mail.add(() => {
      this.#isInspected = false
      return [{ type: 'inspected', group: this.#number, engine: this.membership.inspect() }, []]
    })
  }

  /** A page that is busy keeps up no better than an iterator that does not ask. */
  #tellConsumer(): void {
    const isFull = this.#isPageFull || this.#untaken > this.#bytesMax
    if (isFull === this.#isFull) return
    this.#isFull = isFull
    // Not from inside an output of the engine.
    realClock.defer(() => this.membership.input({ type: 'consumer', full: this.#isFull }))
  }

  #note(members: readonly MemberRecord[]): void {
    this.#ranks.clear()
    for (const [rank, { id }] of members.entries()) this.#ranks.set(id, rank)
    const kept = members.map((record) => this.#own(record))
    this.#records.clear()
    for (const record of kept) this.#records.set(record.id, record)
  }

  #own(record: MemberRecord): MemberRecord {
    return this.#records.get(record.id) ?? { id: record.id, info: own(record.info) }
  }

  #ownOf(output: PortOutput): Sealed<PortOutput> {
    const all = (records: readonly MemberRecord[]): MemberRecord[] => records.map((record) => this.#own(record))
    switch (output.type) {
      case 'install': {
        const { view, joined, left, failed } = output
        const own = { view: { ...view, members: all(view.members) }, joined: all(joined), left: all(left) }
        return [{ ...output, ...own, failed: all(failed) }, []]
      }
      case 'deliver': {
        const payload = own(output.payload)
        return [{ ...output, payload, from: this.#own(output.from) }, [payload.buffer]]
      }
      case 'load':
      case 'load-merged': {
        const state = own(output.state)
        return [{ ...output, state, from: this.#own(output.from) }, [state.buffer]]
      }
      case 'progress':
        return [{ ...output, with: this.#own(output.with) }, []]
      case 'value-progress':
        return [{ ...output, from: this.#own(output.from) }, []]
      case 'ended':
        return [{ type: 'ended', reason: output.reason }, []]
      default:
        return [output, []]
    }
  }
}
