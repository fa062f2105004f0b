import type { MemberId, MessageId } from '../base/ids.ts'

/**
 * Who sent which bytes, over all members. A sender that is busy saving its state learns late under which id it sent
 * something, so a delivery may come first; it is then compared when the sender learns.
 */
export class Payloads {
  readonly #sent = new Map<MessageId, Uint8Array>()
  readonly #early = new Map<MessageId, { readonly payload: Uint8Array; readonly by: MemberId }[]>()
  readonly #violation: (rule: string, evidence: string) => void

  constructor(violation: (rule: string, evidence: string) => void) {
    this.#violation = violation
  }

  get size(): number {
    return this.#sent.size
  }

  sent(id: MessageId, payload: Uint8Array, by: MemberId): void {
    if (this.#sent.has(id)) this.#violation('DL1', `${id} was given to a second multicast of ${by}`)
    this.#sent.set(id, payload)
    for (const delivery of this.#early.get(id) ?? []) this.#compare(id, payload, delivery.payload, delivery.by)
    this.#early.delete(id)
  }

  delivered(id: MessageId, payload: Uint8Array, by: MemberId): void {
    const sent = this.#sent.get(id)
    if (sent !== undefined) this.#compare(id, sent, payload, by)
    else this.#early.set(id, [...(this.#early.get(id) ?? []), { payload, by }])
  }

  #compare(id: MessageId, sent: Uint8Array, payload: Uint8Array, by: MemberId): void {
    if (sameBytes(sent, payload)) return
    this.#violation('DL1', `${by} delivered ${id} with ${payload.length} bytes other than the ${sent.length} sent`)
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
