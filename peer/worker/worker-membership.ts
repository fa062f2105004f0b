import { type MemberId, memberId } from '../base/ids.ts'
import type { ViewRecord } from '../base/view.ts'
import type { MembershipPort, MembershipPortOptions, PortOutput } from '../client/membership-port.ts'
import type { EngineInspection } from '../engine/inspect.ts'
import type { EndReason, Input } from '../engine/io.ts'
import { isFollowed } from '../runtime/membership.ts'
import { type Mail, own } from './mail.ts'
import type { ToPage, ToWorker } from './protocol.ts'
import { MulticastRun, RUN_PAYLOAD_MAX, readOutputs } from './runs.ts'

/** Of the worker's words, those about one membership. */
export type GroupNews = Extract<ToPage, { readonly group: number }>

/** A membership that runs in a worker, as the page knows it: a little later. */
export class WorkerMembership implements MembershipPort {
  self: MemberId
  ended = false
  paused = false
  /** The worker cares for that. */
  readonly isBetween = false
  readonly number: number
  readonly #options: MembershipPortOptions
  readonly #mail: Mail<ToWorker>
  #view: ViewRecord | undefined
  #engine: EngineInspection | undefined
  #isAsked = false
  #isTraced: boolean
  #isStopped = false
  /** Takes more until the turn is over, or something else is said. */
  #run: MulticastRun | undefined
  /** Multicasts of which nothing was heard yet. */
  readonly #unheard = new Set<number>()

  constructor(number: number, options: MembershipPortOptions, mail: Mail<ToWorker>) {
    const { group, peer, attemptsBefore, info, hasState, forks, replays, config, isTraced } = options
    this.number = number
    this.#options = options
    this.#mail = mail
    this.#isTraced = isTraced?.() !== false
    this.self = memberId(peer, (attemptsBefore ?? 0) + 1)
    const settings = { group, peer, info: own(info), hasState, forks, replays, config, isTraced: this.#isTraced }
    const before = attemptsBefore === undefined ? {} : { attemptsBefore }
    mail.send({ type: 'join', group: number, settings: { ...settings, ...before } })
  }

  comesBack(reason: EndReason): boolean {
    return isFollowed(reason, this.paused)
  }

  /** What was known when this was last asked, and of each view when it began; asks for more. */
  inspect(): EngineInspection | undefined {
    if (!this.#isAsked && !this.ended) {
      this.#isAsked = true
      this.#say({ type: 'inspect', group: this.number })
    }
    return this.#engine
  }

  input(input: Input): void {
    if (this.#isStopped) return
    if (input.type !== 'multicast') return this.#say({ type: 'input', group: this.number, input })
    this.noteTraced()
    this.#unheard.add(input.ref)
    if (input.payload.length <= RUN_PAYLOAD_MAX) return this.#open().add(input)
    const payload = own(input.payload)
    this.#say({ type: 'input', group: this.number, input: { ...input, payload } }, [payload.buffer])
  }

  pause(): void {
    this.paused = true
    this.#say({ type: 'pause', group: this.number })
  }

  resume(): void {
    this.paused = false
    this.#say({ type: 'resume', group: this.number })
  }

  /** What the worker has not spoken of may have got its place there: it is not to be taken for not sent. */
  stop(): void {
    this.#say({ type: 'stop', group: this.number })
    for (const ref of this.#unheard) this.#options.app({ type: 'stamped', ref }, this.self)
    this.#unheard.clear()
    this.#isStopped = true
    this.ended = true
  }

  /** Who reads the trace may have changed. */
  noteTraced(): void {
    const isTraced = this.#options.isTraced?.() !== false
    if (isTraced === this.#isTraced) return
    this.#isTraced = isTraced
    this.#say({ type: 'traced', group: this.number, isTraced })
  }

  take(news: GroupNews): void {
    if (this.#isStopped) return
    switch (news.type) {
      case 'began':
        this.self = news.self
        this.ended = false
        return
      case 'run':
        readOutputs(news.run, this.#view, (output) => this.#take(output))
        return this.#taken(news.run.length)
      case 'output':
        this.#take(news.output)
        if (news.output.type === 'deliver') this.#taken(news.output.payload.length)
        return
      case 'trace':
        return this.#options.trace?.(news.event)
      case 'ask-witness':
        return this.#options.askWitness?.(news.request)
      case 'inspected':
        this.#isAsked = false
        this.#engine = news.engine
    }
  }

  #take(output: PortOutput): void {
    if (output.type === 'install') this.#view = output.view
    if (output.type === 'ended') this.ended = true
    if (output.type === 'stamped' || output.type === 'fate') this.#unheard.delete(output.ref)
    this.#options.app(output, this.self)
  }

  #taken(bytes: number): void {
    this.#say({ type: 'taken', group: this.number, bytes })
  }

  #open(): MulticastRun {
    if (this.#run?.self === this.self) return this.#run
    const run = new MulticastRun(this.self)
    this.#run = run
    this.#mail.add(() => {
      if (this.#run === run) this.#run = undefined
      const bytes = run.finish()
      return [{ type: 'multicasts', group: this.number, self: run.self, run: bytes }, [bytes.buffer]]
    })
    return run
  }

  #say(item: ToWorker, transfer: readonly Transferable[] = []): void {
    this.#run = undefined
    this.#mail.send(item, transfer)
  }
}
