import { statSync } from 'node:fs'
import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { type Authorize, describeIssue } from './auth.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import type { IceServer } from './protocol.ts'
import { iceServersSchema } from './requests.ts'

/** What `createSignalingServer` can be told. Everything may be left out. */
export interface SignalingServerOptions {
  /** TCP port to listen on; 0: any free one. Default 8080. */
  port?: number
  /** Address to listen on. Default: all interfaces. */
  host?: string
  /**
   * A server of yours to attach to, in place of a port and host: it answers under `/socket.io/` there and leaves all
   * else to you; you listen and you close.
   */
  server?: HttpServer | HttpsServer
  /** Folder of a built page (with an `index.html`) to serve on the same port. */
  serve?: string
  /** STUN and TURN servers that peers are to use, handed to each at its start. Default: none. */
  iceServers?: IceServer[]
  /** Decides who may use the server. `token` is what the peer's `token` option gave. Default: everybody may. */
  authorize?: Authorize
  /**
   * Whether each room has a witness: a vote that breaks ties, so that of two members either one goes on when the other
   * is lost. It reads nothing of what is agreed on. Default true.
   */
  witness?: boolean
  /** For this long after the start no founder is named, so that members of living groups can come back. Default 3,000 ms. */
  bootGraceMs?: number
  /** For this long after a member's connection was lost no founder is named in its room. Default 3,000 ms. */
  founderGraceMs?: number
  /** What one peer may ask for; each limit has a default. */
  limits?: Partial<Limits>
  /** Told of what went wrong inside, such as an `authorize` that throws. Default: `console.error`. */
  onError?: (error: unknown) => void
}

/** Checks the options and fills in the defaults. Throws a TypeError that names the option. */
export function checkOptions(options: SignalingServerOptions) {
  const parsed = v.safeParse(optionsSchema, options)
  if (!parsed.success) throw new TypeError(`createSignalingServer: ${describeIssue(parsed.issues[0])}`)
  const { port, host, server, serve, ...rest } = parsed.output
  if (server !== undefined && (port !== undefined || host !== undefined || serve !== undefined)) {
    throw new TypeError(
      'createSignalingServer: with `server`, there is no `port`, `host` or `serve`: the server is yours',
    )
  }
  const folder = serve === undefined ? undefined : pageFolder(serve)
  return { ...rest, port: port ?? 8080, host, server, folder }
}

const count = v.pipe(v.number('must be a number'), v.safeInteger('must be an integer'), v.minValue(1, 'must be >= 1'))
const durationMs = v.pipe(
  v.number('must be a number of ms'),
  v.minValue(0, 'must be >= 0'),
  v.maxValue(2 ** 31 - 1, 'must be less than 2 ** 31'),
)
const aFunction = <F>() => v.custom<F>((value) => typeof value === 'function', 'must be a function')

const optionsSchema = v.strictObject(
  {
    port: v.optional(
      v.pipe(
        v.number('must be a number'),
        v.integer('must be an integer'),
        v.minValue(0, 'must be 0 to 65535'),
        v.maxValue(65_535, 'must be 0 to 65535'),
      ),
    ),
    host: v.optional(v.pipe(v.string('must be a string'), v.minLength(1, 'must not be empty'))),
    server: v.optional(
      v.custom<HttpServer | HttpsServer>(
        (value) => typeof (value as HttpServer | null)?.listen === 'function',
        'must be a server of node:http or node:https',
      ),
    ),
    serve: v.optional(v.string('must be the path of a folder')),
    iceServers: v.optional(iceServersSchema, []),
    authorize: v.optional(aFunction<Authorize>()),
    witness: v.optional(v.boolean('must be true or false'), true),
    bootGraceMs: v.optional(durationMs, 3_000),
    founderGraceMs: v.optional(durationMs, 3_000),
    limits: v.optional(
      v.strictObject(
        v.entriesFromList(Object.keys(DEFAULT_LIMITS) as (keyof Limits)[], v.exactOptional(count)),
        (issue) => unknownOption(issue, 'must be an object of limits'),
      ),
      {},
    ),
    onError: v.optional(aFunction<(error: unknown) => void>(), () => console.error),
  },
  (issue) => unknownOption(issue, 'the options must be an object'),
)

function unknownOption(issue: v.BaseIssue<unknown>, otherwise: string): string {
  return issue.expected === 'never' ? 'is not an option' : otherwise
}

function pageFolder(serve: string): string {
  const folder = resolve(serve)
  const index = join(folder, 'index.html')
  if (statSync(index, { throwIfNoEntry: false })?.isFile()) return folder
  throw new TypeError(`createSignalingServer: serve ${index} does not exist: build the page first`)
}
