import type { Plugin } from 'vite'

/** Tells the page that who serves it is its signaling server, too. Without that it takes itself for static files. */
export function servedWithSignaling(): Plugin {
  return {
    name: 'served-with-signaling',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { name: 'tutti-signaling', content: '/' }, injectTo: 'head-prepend' as const },
    ],
  }
}
