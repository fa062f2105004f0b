import { describe, expect, it } from 'vitest'
import { type Door, Mail } from '../../peer/worker/mail.ts'
import type { ToPage } from '../../peer/worker/protocol.ts'
import { WorkerLinks } from '../../peer/worker/worker-links.ts'

/** As much of a data channel as a worker uses. */
class Channel {
  binaryType = 'blob'
  bufferedAmount = 0
  bufferedAmountLowThreshold = 0
  readonly sent: Uint8Array[] = []
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onbufferedamountlow: (() => void) | null = null
  send(bytes: Uint8Array): void {
    this.sent.push(bytes)
  }
}

describe('a link whose connection is at the page', () => {
  it('asks the page for it, and takes its signals and its channel', () => {
    const { link, heard, items, links, channel } = linked()
    expect(items()).toEqual([{ type: 'link-connect', link: 1, initiator: true }])
    links.take({ type: 'link-signal', link: 1, signal: { type: 'offer', sdp: 'v=0' } })
    expect(heard).toEqual(['signal offer'])
    link.signal({ type: 'answer', sdp: 'v=1', epoch: 3 })
    expect(items().at(-1)).toMatchObject({ type: 'link-signal', link: 1, signal: { type: 'answer' } })
    channel.onopen!()
    channel.onbufferedamountlow!()
    expect(heard).toEqual(['signal offer', 'open', 'low'])
    expect(channel.binaryType).toBe('arraybuffer')
  })

  it('keeps what comes before the channel says that it is open', () => {
    const { heard, channel } = linked()
    for (const n of [1, 2]) channel.onmessage!({ data: Uint8Array.of(n).buffer })
    expect(heard).toEqual([])
    channel.onopen!()
    channel.onmessage!({ data: Uint8Array.of(3).buffer })
    expect(heard).toEqual(['open', 'data 1', 'data 2', 'data 3'])
  })

  it('tells the page of a channel that closed, whose connection would stay', async () => {
    const { heard, channel, items } = linked()
    channel.onopen!()
    channel.onclose!()
    await Promise.resolve()
    expect(heard).toEqual(['open', 'closed'])
    expect(items().at(-1)).toEqual({ type: 'link-destroy', link: 1 })
  })

  it('is over when the page says so, or it is destroyed: once, and in a later turn', async () => {
    for (const end of ['link-closed', 'destroy'] as const) {
      const { heard, link, links } = linked()
      if (end === 'destroy') link.destroy()
      else links.take({ type: end, link: 1 })
      expect(heard).toEqual([])
      link.destroy()
      links.take({ type: 'link-closed', link: 1 })
      await Promise.resolve()
      expect(heard).toEqual(['closed'])
    }
  })

  it('hands text on as what is no frame', () => {
    const { heard, channel } = linked()
    channel.onopen!()
    channel.onmessage!({ data: 'text' })
    expect(heard.at(-1)).toBe('data 0')
  })
})

function linked() {
  const posted: ToPage[][] = []
  const door: Door = { postMessage: (message) => posted.push(message as ToPage[]), addEventListener: () => {} }
  const mail = new Mail<ToPage>(door)
  const links = new WorkerLinks(mail)
  const heard: string[] = []
  const link = links.connect(true, {
    signal: ({ type }) => heard.push(`signal ${type}`),
    open: () => heard.push('open'),
    data: (bytes) => heard.push(`data ${bytes[0]}`),
    low: () => heard.push('low'),
    closed: () => heard.push('closed'),
  })
  const channel = new Channel()
  links.take({ type: 'link-channel', link: 1, channel: channel as never })
  const items = (): ToPage[] => {
    mail.flush()
    return posted.flat()
  }
  return { link, links, heard, channel, items }
}
