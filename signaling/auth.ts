import { createHash, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'
import type { Limits } from './limits.ts'
import { type Hello, PROTOCOL_VERSION } from './protocol.ts'
import { helloSchema } from './requests.ts'

/** Says whether whoever shows this token, or none, may use the server. */
export type Authorize = (token: string | undefined) => boolean | Promise<boolean>

/** Checks the handshake of a new connection. Throws an Error whose message is the reason for the refusal. */
export async function admit(auth: unknown, ids: Ids, authorize: Authorize | undefined): Promise<Hello> {
  const hello = v.safeParse(helloSchema, auth)
  if (!hello.success) throw new Error(`hello: ${describeIssue(hello.issues[0])}`)
  const { version, peer, secret, token } = hello.output
  if (version !== PROTOCOL_VERSION) {
    throw new Error(`this server speaks version ${PROTOCOL_VERSION} of the protocol, the peer version ${version}`)
  }
  if (authorize !== undefined && !(await isAuthorized(authorize, token))) {
    throw new Error(token === undefined ? 'this server asks for a token' : 'the token is not accepted')
  }
  if (!ids.claim(peer, secret)) throw new Error('the peer id belongs to somebody else')
  return hello.output
}

/** Where in a payload, and what is wrong there; never more of the payload than the names of our own fields. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  return path === null ? issue.message : `${path} ${issue.message}`
}

/** Whose peer ids are whose: the first to show a secret with an id owns it while connected, and for a time after. */
export class Ids {
  readonly #owners = new Map<string, Buffer>()
  /** Those not connected, the longest gone first. */
  readonly #idle = new Map<string, number>()
  readonly #limits: Pick<Limits, 'idsKept' | 'idKeptMs'>
  readonly #now: () => number

  /** `now`: a clock in ms that never goes back. */
  constructor(limits: Pick<Limits, 'idsKept' | 'idKeptMs'>, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** Whether `peer` is free, or owned by whoever knows `secret`; a free one is owned from now on. */
  claim(peer: string, secret: string): boolean {
    this.#forget()
    const digest = createHash('sha256').update(secret).digest()
    const owner = this.#owners.get(peer)
    if (owner !== undefined) return timingSafeEqual(owner, digest)
    this.#owners.set(peer, digest)
    this.release(peer)
    return true
  }

  /** `peer` is connected: its id is kept until `release`. */
  hold(peer: string): void {
    this.#idle.delete(peer)
  }

  /** `peer` is not connected any more. */
  release(peer: string): void {
    this.#idle.delete(peer)
    this.#idle.set(peer, this.#now())
  }

  #forget(): void {
    const staleMs = this.#now() - this.#limits.idKeptMs
    for (const [peer, sinceMs] of this.#idle) {
      if (sinceMs > staleMs && this.#idle.size < this.#limits.idsKept) return
      this.#idle.delete(peer)
      this.#owners.delete(peer)
    }
  }
}

async function isAuthorized(authorize: Authorize, token: string | undefined): Promise<boolean> {
  try {
    return (await authorize(token)) === true
  } catch (cause) {
    throw new Error('the server could not check the token, try again later', { cause })
  }
}
