import { type Config, DEFAULT_CONFIG } from '../base/config.ts'
import { TuttiError } from '../base/errors.ts'
import type { Signaling } from '../transport/signaling.ts'
import type { AbcastOptions, ConnectOptions, JoinOptions } from './types.ts'

/** Characters of a group's name. */
export const GROUP_NAME_MAX = 128
/** About as long as a timer can wait: those of JavaScript end at once when set to more. */
const TIME_MS_MAX = 2_000_000_000
/** Limits that let nothing happen, or the same thing without end, at zero. */
const NOT_ZERO: readonly (keyof Config)[] = [
  'heartbeatIntervalMs',
  'retryMs',
  'ballotRetryMs',
  'joinRetryMs',
  'pullAfterMs',
  'fragmentBytes',
  'windowMessages',
  'windowBytes',
  'chunkBytes',
  'chunksInFlight',
  'membersMax',
]

const WAYS = ['cbcast', 'abcast', 'fbcast']

/** What an option may be, in words; 'unbuilt': this version can't do it. */
type Shape = 'unbuilt' | readonly [words: string, fits: (value: unknown) => boolean]
type Shapes<Options> = { readonly [Name in keyof Options]-?: Shape }

const ANYTHING: Shape = ['anything', () => true]
const FUNCTION: Shape = ['a function', isFunction]
const ABORT_SIGNAL: Shape = ['an AbortSignal', (value) => hasMethods(value, 'addEventListener')]

const CONNECT: Shapes<ConnectOptions> = {
  signaling: ANYTHING,
  name: ['a string', isString],
  metadata: ANYTHING,
  token: ['a string or a function that promises one', (value) => isString(value) || isFunction(value)],
  passphrase: 'unbuilt',
  iceServers: ['an array', Array.isArray],
  wrtc: ANYTHING,
  runtime: ["what inWorker of 'tutti/worker' gives", (value) => hasMethods(value, 'start')],
  trace: FUNCTION,
  witness: ['true or false', isBoolean],
  config: ['an object', isObject],
}

const JOIN: Shapes<JoinOptions<unknown, unknown>> = {
  state: ['{ save, load }, both functions', (value) => hasMethods(value, 'save', 'load')],
  codec: ['{ encode, decode }, both functions', (value) => hasMethods(value, 'encode', 'decode')],
  onQuorumLoss: oneOf('block', 'fork'),
  onMerge: ["'adopt', 'replay' or a function", (value) => isFunction(value) || value === 'adopt' || value === 'replay'],
  admit: 'unbuilt',
  signal: ABORT_SIGNAL,
}

const CAST: Shapes<AbcastOptions> = {
  after: 'unbuilt',
  causes: oneOf('all', 'declared'),
  signal: ABORT_SIGNAL,
  safe: ['true or false', isBoolean],
  durable: ['true or false', isBoolean],
  keys: 'unbuilt',
}

/** The one introducer that the options name, and the limits. Throws for options that can't be honoured. */
export function checkConnect(options: ConnectOptions): { server: string | URL | Signaling; config: Config } {
  check('connect', options, CONNECT)
  if (options.runtime !== undefined && options.wrtc !== undefined) {
    throw new TuttiError('invalid-option', 'connect takes `runtime` or `wrtc`: a worker has its page make connections')
  }
  return { server: onlyServer(options.signaling), config: checkConfig(options.config ?? {}) }
}

/** Throws for a name or options of `join` that can't be honoured. */
export function checkJoin<M, S>(name: string, options: JoinOptions<M, S>): void {
  expect(isString(name) && name !== '', 'the name of a group is a string that is not empty')
  if (name.length > GROUP_NAME_MAX) {
    const size = `${name.length} characters, at most ${GROUP_NAME_MAX} are allowed`
    throw new TuttiError('too-large', `the name of this group has ${size}`)
  }
  if (/\p{Surrogate}/u.test(name)) {
    throw new TuttiError('not-encodable', 'the name of this group has half of a surrogate pair: it is no text')
  }
  check('join', options, JOIN)
  const fits = !isFunction(options.onMerge) || options.state !== undefined
  expect(fits, 'onMerge as a function needs the option `state`: it gets two of them')
}

/** Throws for options of a multicast that can't be honoured. */
export function checkCast(options: AbcastOptions): void {
  check('a multicast', options, CAST)
  refuse("causes: 'declared'", options.causes === 'declared')
  refuse('safe', options.safe === true)
  refuse('durable', options.durable === true)
}

/** Throws for a way to multicast that is none. */
export function checkKind(kind: string): void {
  expect(WAYS.includes(kind), `the kind of a writable is to be one of ${WAYS.join(', ')}`)
}

/** Throws for a listener that can't be called. */
export function checkListener(listener: unknown): void {
  expect(isFunction(listener), 'what listens to the trace is to be a function')
}

/** What this version can't do. */
export function unsupported(what: string): TuttiError {
  return new TuttiError('unsupported', `${what} is not built yet in this version of tutti`)
}

function onlyServer(signaling: ConnectOptions['signaling']): string | URL | Signaling {
  const servers = Array.isArray(signaling) ? signaling : [signaling]
  refuse('signaling with several servers', servers.length > 1)
  const [server] = servers
  const given = isString(server) || server instanceof URL || hasMethods(server, 'open', 'enter', 'signal')
  expect(given, 'signaling is to be the address of a tutti signaling server, or a Signaling')
  return server
}

function checkConfig(config: Partial<Config>): Config {
  for (const [key, value] of Object.entries(config)) {
    expect(Object.hasOwn(DEFAULT_CONFIG, key), `config has no ${key}`)
    const least = NOT_ZERO.includes(key as keyof Config) ? 1 : 0
    const most = key.endsWith('Ms') ? TIME_MS_MAX : Number.MAX_SAFE_INTEGER
    const fits = Number.isSafeInteger(value) && value >= least && value <= most
    expect(fits, `config.${key} is to be a whole number from ${least} to ${most}`)
  }
  return { ...DEFAULT_CONFIG, ...config }
}

/** An option that is null or undefined is not given. */
function check(where: string, options: object, shapes: Readonly<Record<string, Shape>>): void {
  expect(isObject(options), `the options of ${where} are to be an object`)
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue
    refuse(`${name}, given to ${where},`, !Object.hasOwn(shapes, name))
    const shape = shapes[name]!
    if (shape === 'unbuilt') throw unsupported(name)
    expect(shape[1](value), `${name} is to be ${shape[0]}`)
  }
}

function refuse(what: string, given: boolean): void {
  if (given) throw unsupported(what)
}

function expect(right: boolean, message: string): void {
  if (!right) throw new TuttiError('invalid-option', message)
}

function oneOf(...values: string[]): Shape {
  return [values.map((value) => `'${value}'`).join(' or '), (value) => values.includes(value as string)]
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function hasMethods(value: unknown, ...names: string[]): boolean {
  return isObject(value) && names.every((name) => isFunction((value as Record<string, unknown>)[name]))
}
