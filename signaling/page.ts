import type { RequestListener, ServerResponse } from 'node:http'
import send from 'send'

/** Answers plain HTTP: `/healthz`, and the files of `folder`, `index.html` for `/`. Undefined: there is no page. */
export function pageHandler(folder: string | undefined): RequestListener {
  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    if (request.method !== 'GET' && request.method !== 'HEAD') return reply(response, 405, 'only GET and HEAD')
    if (path === '/healthz') return reply(response, 200, 'ok')
    if (folder === undefined) return reply(response, 404, 'a signaling server lives here, and no page')
    send(request, path, { root: folder, dotfiles: 'ignore' })
      .on('error', (error: { status?: number }) => reply(response, error.status ?? 500, 'there is no such page'))
      .pipe(response)
  }
}

function reply(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(`${text}\n`)
}
