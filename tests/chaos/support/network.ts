import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** A machine of its own, as far as the network goes. */
export interface Host {
  readonly address: string
  /** What a command is to be put behind to run there. */
  readonly command: readonly string[]
}

/**
 * Hosts on one switch: network namespaces of this machine, joined by a bridge whose own address is `gateway`. A cut is
 * a route to nowhere at the receiver for all that comes from the sender, so it has a direction and nobody is told.
 */
export class Network implements Disposable {
  readonly gateway: string
  readonly hosts: readonly Host[]
  readonly #bridge: string
  readonly #names = new Map<Host, string>()
  readonly #cuts = new Map<string, { name: string; from: string }>()

  private constructor(hosts: number) {
    this.#bridge = `${bridgePrefix}${process.pid}`
    const subnet = freeSubnet()
    this.gateway = `${subnet}.1`
    this.#makeBridge()
    this.hosts = Array.from({ length: hosts }, (_, index) => this.#makeHost(index, `${subnet}.${index + 11}`))
  }

  /** Why this machine can make none; undefined where it can. */
  static whyNot(): string | undefined {
    if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
    if (process.getuid?.() !== 0) return 'network namespaces need root'
    try {
      ip('-Version')
    } catch {
      return 'there is no `ip` command (package iproute2)'
    }
    const probe = `${hostPrefix}${process.pid}-probe`
    try {
      ip('netns', 'add', probe)
      ip('netns', 'delete', probe)
      return undefined
    } catch (error) {
      return `this machine makes no network namespace: ${firstLine(error)}`
    }
  }

  /** Throws with what `ip` said where it fails; nothing is left then. */
  static open(hosts: number): Network {
    clearStale()
    try {
      return new Network(hosts)
    } catch (error) {
      clear(process.pid)
      throw error
    }
  }

  /** Nothing that `from` sends reaches `to` any more. */
  cut(from: Host, to: Host): void {
    this.#drop(from.address, to)
  }

  /** Nothing that the server sends reaches `to`, which ends every exchange of the two. */
  cutServer(to: Host): void {
    this.#drop(this.gateway, to)
  }

  heal(): void {
    for (const { name, from } of this.#cuts.values()) ip('-n', name, 'rule', 'delete', 'pref', cutPref, 'from', from)
    this.#cuts.clear()
  }

  [Symbol.dispose](): void {
    clear(process.pid)
  }

  #drop(from: string, to: Host): void {
    const name = this.#names.get(to)!
    const key = `${from} ${name}`
    if (this.#cuts.has(key)) return
    ip('-n', name, 'rule', 'add', 'pref', cutPref, 'from', from, 'blackhole')
    this.#cuts.set(key, { name, from })
  }

  #makeBridge(): void {
    ip('link', 'add', this.#bridge, 'type', 'bridge')
    ip('address', 'add', `${this.gateway}/24`, 'dev', this.#bridge)
    ip('link', 'set', this.#bridge, 'addrgenmode', 'none', 'up')
  }

  #makeHost(index: number, address: string): Host {
    const name = `${hostPrefix}${process.pid}-${index}`
    const port = `${this.#bridge}p${index}`
    ip('netns', 'add', name)
    ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    ip('link', 'set', port, 'addrgenmode', 'none', 'master', this.#bridge, 'up')
    ip('-n', name, 'link', 'set', 'lo', 'up')
    ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth0')
    ip('-n', name, 'link', 'set', 'eth0', 'addrgenmode', 'none', 'up')
    ip('-n', name, 'route', 'add', 'default', 'via', this.gateway)
    // What is for this host is looked up first of all: a cut must come before that.
    ip('-n', name, 'rule', 'add', 'pref', localPref, 'lookup', 'local')
    ip('-n', name, 'rule', 'delete', 'pref', '0')
    const host: Host = { address, command: ['ip', 'netns', 'exec', name] }
    this.#names.set(host, name)
    return host
  }
}

const hostPrefix = 'tutti-'
const bridgePrefix = 'tutti'
const cutPref = '10'
const localPref = '100'

/** What a run that was killed left behind would keep its addresses and frozen processes for ever. */
function clearStale(): void {
  const bridges = Object.keys(networkInterfaces()).filter((name) => name.startsWith(bridgePrefix))
  const owners = [...hostNames().map((name) => name.slice(hostPrefix.length)), ...bridges.map(afterBridgePrefix)]
  for (const owner of new Set(owners.map((text) => Number.parseInt(text, 10)))) {
    if (owner === process.pid || !existsSync(`/proc/${owner}`)) clear(owner)
  }
}

/** Ends all that runs on the hosts of the run with this process id, and removes them. Never throws. */
function clear(owner: number): void {
  for (const name of hostNames()) {
    if (!name.startsWith(`${hostPrefix}${owner}-`)) continue
    for (const pid of attempt('netns', 'pids', name).split(/\s+/).filter(Boolean)) kill(Number(pid))
    attempt('netns', 'delete', name)
  }
  attempt('link', 'delete', `${bridgePrefix}${owner}`)
}

function hostNames(): string[] {
  const lines = attempt('netns', 'list').split('\n')
  return lines.map((line) => line.split(' ')[0]!).filter((name) => name.startsWith(hostPrefix))
}

function afterBridgePrefix(name: string): string {
  return name.slice(bridgePrefix.length)
}

/** A subnet that no interface of this machine is in. */
function freeSubnet(): string {
  const used = Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? [])
  const subnets = Array.from({ length: 256 }, (_, index) => `10.86.${(process.pid + index) % 256}`)
  const free = subnets.find((subnet) => !used.some((address) => address.startsWith(`${subnet}.`)))
  if (free === undefined) throw new Error('no free subnet in 10.86.0.0/16')
  return free
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** What it printed; nothing where it failed. */
function attempt(...args: string[]): string {
  try {
    return ip(...args)
  } catch {
    return ''
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr || message).trim().split('\n')[0]!
}
