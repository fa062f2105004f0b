import { describe, expect, it, vi } from 'vitest'
import type { CastKind } from '../../peer/base/cast-kind.ts'
import type { Lineage, MemberId } from '../../peer/base/ids.ts'
import type { MemberRecord, ViewRecord } from '../../peer/base/view.ts'
import type { PortOutput } from '../../peer/client/membership-port.ts'
import { type Door, Mail, onMail } from '../../peer/worker/mail.ts'
import { MulticastRun, OutputRun, readMulticasts, readOutputs } from '../../peer/worker/runs.ts'

const kinds: readonly CastKind[] = ['fifo', 'causal', 'total']
const members: readonly MemberRecord[] = ['ann.1', 'bob.12', 'cy.3'].map((id) => ({
  id: id as MemberId,
  info: new Uint8Array(2),
}))
const view: ViewRecord = { lineage: 'line' as Lineage, number: 300, members, witness: undefined }

describe('the mail between a page and its worker', () => {
  it('is one message a turn, in order', async () => {
    const { door, posted } = notebook()
    const mail = new Mail<number>(door)
    for (const item of [1, 2]) mail.send(item)
    mail.add(() => [3, []])
    mail.send(4)
    expect(posted).toEqual([])
    await Promise.resolve()
    expect(posted).toEqual([[1, 2, 3, 4]])
    mail.send(5)
    mail.flush()
    await Promise.resolve()
    expect(posted).toEqual([[1, 2, 3, 4], [5]])
  })

  it('seals what is still open when the turn is over', async () => {
    const { door, posted } = notebook()
    const open: string[] = []
    new Mail<string>(door).add(() => [open.join(), []])
    open.push('a', 'b')
    await Promise.resolve()
    expect(posted).toEqual([['a,b']])
  })

  it('throws at once at what can not be handed over, and has sent what was before it', () => {
    const { door, posted } = notebook()
    const mail = new Mail<unknown>(door)
    mail.send('before')
    expect(() => mail.sendNow('it', ['no such thing' as never])).toThrow()
    expect(posted).toEqual([['before']])
  })

  it('is handed out item by item, whatever one of them leads to', () => {
    const [taken, reported]: [number[], unknown[]] = [[], []]
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
    const { door, hear } = notebook()
    onMail<number>(door, (item) => {
      taken.push(item)
      if (item === 2) throw new Error('two')
    })
    hear([1, 2, 3])
    hear([4])
    vi.unstubAllGlobals()
    expect(taken).toEqual([1, 2, 3, 4])
    expect(reported).toEqual([new Error('two')])
  })
})

describe('a run', () => {
  it('of deliveries gives back what was written', () => {
    const outputs: PortOutput[] = kinds.flatMap((kind, n) => [
      {
        type: 'deliver' as const,
        id: `line/300/${members[n]!.id}/${n + 1000}` as never,
        kind,
        purpose: n === 1 ? ('state' as const) : ('message' as const),
        payload: Uint8Array.from({ length: n * 100 }, (_, i) => i),
        from: members[n]!,
        ref: n === 2 ? 77 : undefined,
        order: kind === 'total' ? 2 ** 33 : undefined,
      },
      { type: 'stamped' as const, ref: n + 1 },
      { type: 'stable' as const, ref: n + 200 },
    ])
    const run = new OutputRun()
    for (const output of outputs) {
      if (output.type === 'deliver') run.deliver(output, members.indexOf(output.from))
      else if (output.type === 'stamped' || output.type === 'stable') run.tell(output.type, output.ref)
    }
    const read: PortOutput[] = []
    readOutputs(run.finish(), view, (output) => read.push(output))
    expect(read).toEqual(outputs)
  })

  it('of multicasts gives back what was written', () => {
    const multicasts = kinds.map((kind, n) => ({
      type: 'multicast' as const,
      ref: n * 1_000 + 1,
      kind,
      payload: Uint8Array.of(n, 255 - n),
      isBulk: n === 1,
    }))
    const run = new MulticastRun(members[0]!.id)
    for (const multicast of multicasts) run.add(multicast)
    expect(readMulticasts(run.finish())).toEqual(multicasts)
  })
})

/** A door that notes what goes out, and lets a test say what comes in. */
function notebook(): { door: Door; posted: unknown[]; hear(data: unknown): void } {
  const posted: unknown[] = []
  const listeners: ((event: { readonly data: unknown }) => void)[] = []
  const door: Door = {
    postMessage(message, transfer) {
      if (transfer.some((one) => typeof one === 'string')) throw new Error('not transferable')
      posted.push(message)
    },
    addEventListener: (_type, listener) => listeners.push(listener),
  }
  return {
    door,
    posted,
    hear(data) {
      for (const listener of listeners) listener({ data })
    },
  }
}
