import { beforeEach, describe, expect, it } from 'vitest'
import { type GroupStatus, type Member, type MessageId, type Receipt, TuttiError } from '../../peer/index.ts'
import { FileModel } from '../../ui/files/file-model.ts'
import { uploadText } from '../../ui/files/file-words.ts'
import { Uploads } from '../../ui/files/uploads.ts'
import type { GroupHost } from '../../ui/group/group-host.ts'

// What becomes of a file that is shared, when the group has its troubles. The group is made of what it was given to send.

describe('a file that is shared', () => {
  let sent: Sent[]
  let group: { status: GroupStatus; self: Member }
  let model: FileModel
  let uploads: Uploads
  let failed: unknown[]

  beforeEach(() => {
    sent = []
    failed = []
    group = { status: 'member', self: member('a.1') }
    model = new FileModel({ changed: () => {}, refused: (id, reason) => uploads.refuse(id, reason) })
    const host = { group, send, profileOf: () => ({ name: 'Ada', color: 1 }) } as unknown as GroupHost
    uploads = new Uploads({
      model,
      host: () => host,
      limit: () => 1000,
      changed: () => {},
      failed: ({ name }, reason) => failed.push([name, reason]),
    })
  })

  it('is offered, sent, and done when all have it; the next follows as soon as it is sent', async () => {
    add(1)
    add(2)
    expect(ops()).toEqual(['offer', 'offer'])
    await deliver(0)
    await deliver(1)
    expect(states()).toEqual(['sending', 'granted'])
    uploads.progress(5, 6 + 4097)
    uploads.progress(3, 60)
    expect(uploads.list[0]!.bytes).toBe(3)
    await deliver(2)
    expect(states()).toEqual(['arriving', 'sending'])
    await settle(2)
    await deliver(3)
    await settle(3)
    expect([uploads.list, uploads.lost, model.files.length]).toEqual([[], [], 2])
  })

  it('waits while this member is out of the group, and goes on where it was', async () => {
    group.status = 'rejoining'
    add(1)
    expect([sent, states()]).toEqual([[], ['waiting']])
    expect(uploadText(uploads.list[0]!, 'rejoining')).toBe('6 bytes · waits until you are back in the group')
    group.status = 'member'
    uploads.proceed()
    await deliver(0)
    group.status = 'rejoining'
    await fail(1, 'excluded', 'not-sent')
    expect(states()).toEqual(['waiting'])
    group.status = 'member'
    group.self = member('a.2')
    uploads.proceed()
    await deliver(2)
    expect(model.files[0]!.by).toBe('a.2')
    await deliver(3)
    await settle(3)
    expect(uploads.list).toEqual([])
    expect(ops()).toEqual(['offer', 'content', 'offer', 'content'])
  })

  it('is not sent once more when the state has it', async () => {
    add(1)
    await deliver(0)
    group.status = 'rejoining'
    await fail(1, 'excluded', 'unknown')
    model.apply(message('a.1', sent[1]!.value, 'causal'))
    group.status = 'member'
    uploads.proceed()
    expect([uploads.list, ops()]).toEqual([[], ['offer', 'content']])
  })

  it('goes on while its element is out of the page, and the model does not hear of the group', async () => {
    add(1)
    for (const index of [0, 1]) {
      sent[index]!.arrived.resolve()
      await rest()
    }
    expect([ops(), states(), failed]).toEqual([['offer', 'content'], ['arriving'], []])
  })

  it('is told of when it has no room, was removed, or can not be read', async () => {
    model.apply(message('b.1', { op: 'offer', id: 'b/1', size: 999, limit: 1000 }))
    add(1)
    await deliver(0)
    model.apply(message('b.1', { op: 'remove', id: 'b/1' }))
    add(2)
    model.apply(message('b.1', { op: 'remove', id: 'a/2' }))
    await deliver(1)
    add(3)
    await deliver(2)
    await fail(3, 'not-encodable', 'not-sent')
    expect(failed).toEqual([
      ['1.txt', 'full'],
      ['2.txt', 'removed'],
      ['3.txt', 'unreadable'],
    ])
    expect([uploads.list, ops().at(-1)]).toEqual([[], 'remove'])
  })

  it('is taken back wherever it is, also while that can not be said', async () => {
    add(1)
    await deliver(0)
    uploads.remove('a/1')
    expect(sent[1]!.signal!.aborted).toBe(true)
    expect(ops()).toEqual(['offer', 'content', 'remove'])
    add(2)
    group.status = 'rejoining'
    uploads.remove('a/2')
    expect(ops().at(-1)).toBe('offer')
    group.status = 'member'
    uploads.proceed()
    expect(ops().at(-1)).toBe('remove')
    expect(uploads.list).toEqual([])
  })

  it('is offered to its sender once more when the group has lost it', async () => {
    add(1)
    await deliver(0)
    await deliver(1)
    await settle(1)
    model.load(undefined)
    expect(uploads.lost).toMatchObject([{ id: 'a/1' }])
    uploads.again('a/1')
    await deliver(2)
    await deliver(3)
    await settle(3)
    expect([uploads.lost, model.files.length]).toEqual([[], 1])
    model.apply(message('b.1', { op: 'remove', id: 'a/1' }))
    expect(uploads.lost).toEqual([])
  })

  function send(kind: string, value: object, { signal }: { signal?: AbortSignal } = {}): Receipt | undefined {
    if (group.status === 'rejoining') return undefined
    const [arrived, stable] = [promised(), promised()]
    const receipt = Object.assign(arrived.promise, { stable: stable.promise }) as unknown as Receipt
    sent.push({ kind: kind === 'abcast' ? 'total' : 'causal', value, signal, arrived, stable })
    return receipt
  }

  function add(n: number): void {
    uploads.add({ id: `a/${n}`, name: `${n}.txt`, type: '', size: 6, file: new Blob(['abcdef']) })
  }

  function ops(): string[] {
    return sent.map(({ value }) => (value as { op: string }).op)
  }

  function states(): string[] {
    return uploads.list.map(({ state }) => state)
  }

  async function deliver(index: number): Promise<void> {
    const { kind, value, arrived } = sent[index]!
    model.apply(message(group.self.id, value, kind))
    arrived.resolve()
    await rest()
  }

  async function settle(index: number): Promise<void> {
    sent[index]!.stable.resolve()
    await rest()
  }

  async function fail(index: number, code: 'excluded' | 'not-encodable', fate: 'not-sent' | 'unknown'): Promise<void> {
    sent[index]!.arrived.reject(new TuttiError(code, 'as it was told to', { fate }))
    await rest()
  }
})

interface Sent {
  readonly kind: 'total' | 'causal'
  readonly value: object
  readonly signal: AbortSignal | undefined
  readonly arrived: Promised
  readonly stable: Promised
}

interface Promised {
  readonly promise: Promise<void>
  resolve(): void
  reject(error: Error): void
}

function promised(): Promised {
  let settle!: Pick<Promised, 'resolve' | 'reject'>
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, ...settle }
}

/** Lets all that waits for promises go on. */
function rest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function message(from: string, value: object, kind: 'total' | 'causal' = 'total') {
  return { id: 'l/1/a/1' as MessageId, kind, value: { tutti: 'files', ...value }, from: member(from) }
}

function member(id: string): Member {
  return { id, name: id, metadata: null, rank: 0 } as unknown as Member
}
