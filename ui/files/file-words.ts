import type { GroupStatus } from '../../peer/index.ts'
import type { Limits } from './file-limits.ts'
import type { Upload } from './uploads.ts'

/** Why a file is not shared. */
export type RefusalReason = 'large' | 'full' | 'many' | 'folder' | 'unreadable' | 'outside' | 'removed' | 'lost'

/** `3.4 MB of 12 MB` */
export function partText(bytes: number, size: number): string {
  return `${sizeText(bytes)} of ${sizeText(size)}`
}

/** How far a file of this page is. */
export function uploadText({ state, bytes, size }: Upload, status: GroupStatus | undefined): string {
  if (status === 'rejoining') return `${sizeText(size)} · waits until you are back in the group`
  if (status === 'blocked') return `${sizeText(size)} · waits until the group goes on`
  if (state === 'granted') return `${sizeText(size)} · waits for the file before it`
  if (state === 'sending') return `Sending · ${partText(bytes, size)}`
  if (state === 'arriving') return `${sizeText(size)} · sent, but some do not have all of it yet`
  return `${sizeText(size)} · about to be sent`
}

/** `3.4 MB`, in powers of 1,000. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3))
  const amount = Math.floor((bytes / 1000 ** power) * 10) / 10
  return `${amount < 10 ? amount : Math.floor(amount)} ${['', 'kB', 'MB', 'GB'][power]}`
}

/** What is said of a file that is not shared: why, and what to do. */
export function refusalText(name: string, size: number, reason: RefusalReason, { each, all, free }: Limits): string {
  const file = `“${name}”`
  switch (reason) {
    case 'large':
      return `${file} is too large: ${moreText(size, each)}. It was not sent.`
    case 'full':
      return `${file} has ${sizeText(size)}; of ${sizeText(all)} for all files ${sizeText(free)} are free. Remove some first. It was not sent.`
    case 'many':
      return `There are as many files as there may be. Remove some first. ${file} was not sent.`
    case 'folder':
      return `${file} is a folder. Pack it into one file first. It was not sent.`
    case 'unreadable':
      return `${file} could not be read: it was changed, moved or deleted, or the browser may not read it.`
    case 'outside':
      return `You are not in a group yet. ${file} was not sent.`
    case 'removed':
      return `${file} was removed by somebody else before all of it was sent.`
    case 'lost':
      return `${file} was not sent: the group is over for this page.`
  }
}

/** What stands on a sheet of paper in the place of a picture. */
export function endingOf(name: string): string {
  return /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]?.toUpperCase() ?? ''
}

function moreText(size: number, most: number): string {
  const [has, may] = [sizeText(size), sizeText(most)]
  return has === may ? `a little more than ${may}` : `${has}, where a file may have ${may}`
}
