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
  'chunkBytes',
  'chunksInFlight',
  'membersMax',
]

const CONNECT = 'signaling name metadata token passphrase iceServers wrtc trace witness config'.split(' ')
const JOIN = 'state codec onQuorumLoss onMerge admit signal'.split(' ')
const CAST = 'after causes signal safe durable keys'.split(' ')
const WAYS = ['cbcast', 'abcast', 'fbcast']

/** The one introducer that the options name, and the limits. Throws for options that can't be honoured. */
export function checkConnect(options: ConnectOptions): { server: string | URL | Signaling; config: Config } {
  known('connect', options, CONNECT)
  refuse('passphrase', options.passphrase !== undefined)
  expect(isOptional(options.witness, 'boolean'), 'witness is to be true or false')
  expect(isOptional(options.name, 'string'), 'name is to be a string')
  expect(isOptional(options.token, 'string', 'function'), 'token is to be a string or a function that promises one')
  expect(isOptional(options.trace, 'function'), 'trace is to be a function')
  expect(options.iceServers === undefined || Array.isArray(options.iceServers), 'iceServers is to be an array')
  return { server: onlyServer(options.signaling), config: checkConfig(options.config ?? {}) }
}

/** Throws for a name or options of `join` that can't be honoured. */
export function checkJoin<M, S>(name: string, options: JoinOptions<M, S>): void {
  expect(typeof name === 'string' && name !== '', 'the name of a group is a string that is not empty')
  if (name.length > GROUP_NAME_MAX) {
    const size = `${name.length} characters, at most ${GROUP_NAME_MAX} are allowed`
    throw new TuttiError('too-large', `the name of this group has ${size}`)
  }
  if (/\p{Surrogate}/u.test(name)) {
    throw new TuttiError('not-encodable', 'the name of this group has half of a surrogate pair: it is no text')
  }
  known('join', options, JOIN)
  refuse('admit', options.admit !== undefined)
  const { state, codec, signal, onQuorumLoss, onMerge } = options
  expect(isOneOf(onQuorumLoss, 'block', 'fork'), "onQuorumLoss is to be 'block' or 'fork'")
  const isFunction = typeof onMerge === 'function'
  expect(isFunction || isOneOf(onMerge, 'adopt', 'replay'), "onMerge is to be 'adopt', 'replay' or a function")
  expect(!isFunction || state !== undefined, 'onMerge as a function needs the option `state`: it gets two of them')
  expect(!state || hasMethods(state, 'save', 'load'), 'state is to be { save, load }, both functions')
  expect(!codec || hasMethods(codec, 'encode', 'decode'), 'codec is to be { encode, decode }, both functions')
  expect(!signal || hasMethods(signal, 'addEventListener'), 'signal is to be an AbortSignal')
}

/** Throws for options of a multicast that can't be honoured. */
export function checkCast(options: AbcastOptions): void {
  known('a multicast', options, CAST)
  refuse('after', options.after !== undefined)
  refuse("causes: 'declared'", options.causes === 'declared')
  refuse('safe', Boolean(options.safe))
  refuse('durable', Boolean(options.durable))
  refuse('keys', options.keys !== undefined)
  expect(isOneOf(options.causes, 'all'), "causes is to be 'all'")
  expect(!options.signal || hasMethods(options.signal, 'addEventListener'), 'signal is to be an AbortSignal')
}

/** Throws for a way to multicast that is none. */
export function checkKind(kind: string): void {
  expect(WAYS.includes(kind), `the kind of a writable is to be one of ${WAYS.join(', ')}`)
}

/** Throws for a listener that can't be called. */
export function checkListener(listener: unknown): void {
  expect(typeof listener === 'function', 'what listens to the trace is to be a function')
}

/** What this version can't do. */
export function unsupported(what: string): TuttiError {
  return new TuttiError('unsupported', `${what} is not built yet in this version of tutti`)
}

function onlyServer(signaling: ConnectOptions['signaling']): string | URL | Signaling {
  const servers = Array.isArray(signaling) ? signaling : [signaling]
  refuse('signaling with several servers', servers.length > 1)
  const [server] = servers
  const given = typeof server === 'string' || server instanceof URL || hasMethods(server, 'open', 'enter', 'signal')
  expect(given, 'signaling is to be the address of a tutti signaling server, or a Signaling')
  return server
}

function checkConfig(config: Partial<Config>): Config {
  expect(typeof config === 'object' && config !== null, 'config is to be an object')
  for (const [key, value] of Object.entries(config)) {
    expect(Object.hasOwn(DEFAULT_CONFIG, key), `config has no ${key}`)
    const least = NOT_ZERO.includes(key as keyof Config) ? 1 : 0
    const most = key.endsWith('Ms') ? TIME_MS_MAX : Number.MAX_SAFE_INTEGER
    const fits = Number.isSafeInteger(value) && value >= least && value <= most
    expect(fits, `config.${key} is to be a whole number from ${least} to ${most}`)
  }
  return { ...DEFAULT_CONFIG, ...config }
}

function known(where: string, options: object, names: readonly string[]): void {
  expect(typeof options === 'object' && options !== null, `the options of ${where} are to be an object`)
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) refuse(`${name}, given to ${where},`, value !== undefined)
  }
}

function refuse(what: string, given: boolean): void {
  if (given) throw unsupported(what)
}

function expect(right: boolean, message: string): void {
  if (!right) throw new TuttiError('invalid-option', message)
}

function isOptional(value: unknown, ...types: string[]): boolean {
  return value === undefined || types.includes(typeof value)
}

function isOneOf(value: unknown, ...values: string[]): boolean {
  return value === undefined || values.includes(value as string)
}

function hasMethods(value: unknown, ...names: string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  return names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
}
