import type { SharedFile } from './file-values.ts'

interface Urls {
  readonly content: Blob
  /** To save it. Opened as a page, it would be saved just so: it has a type that no browser shows. */
  readonly download: string
  /** To show it, if it is a picture. */
  readonly picture: string | undefined
}

/** Addresses of files within this page, for as long as they are shown. */
export class FileUrls {
  readonly #urls = new Map<string, Urls>()

  of({ id, type, content }: SharedFile & { readonly content: Blob }): Urls {
    const known = this.#urls.get(id)
    if (known?.content === content) return known
    this.#revoke(id)
    const typed = (wished: string): string => URL.createObjectURL(content.slice(0, content.size, wished))
    const isPicture = pictureTypes.has(type) && content.size <= pictureBytesMax
    const urls = {
      content,
      download: typed('application/octet-stream'),
      picture: isPicture ? typed(type) : undefined,
    }
    this.#urls.set(id, urls)
    return urls
  }

  /** It calls itself a picture, and is none. */
  spoilPicture(id: string): void {
    const urls = this.#urls.get(id)
    if (urls?.picture === undefined) return
    URL.revokeObjectURL(urls.picture)
    this.#urls.set(id, { ...urls, picture: undefined })
  }

  keepOnly(files: readonly SharedFile[]): void {
    const kept = new Set(files.map(({ id }) => id))
    for (const id of this.#urls.keys()) if (!kept.has(id)) this.#revoke(id)
  }

  #revoke(id: string): void {
    const urls = this.#urls.get(id)
    this.#urls.delete(id)
    if (urls === undefined) return
    URL.revokeObjectURL(urls.download)
    if (urls.picture !== undefined) URL.revokeObjectURL(urls.picture)
  }
}

/** What is nothing but pixels: an SVG may hold scripts, and pull in more. */
const pictureTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])
const pictureBytesMax = 16_000_000
