import { WebrtcLinks } from '../transport/webrtc-links.ts'
import { serve } from './host.ts'
import type { Door } from './mail.ts'

/** What a worker runs that holds the links and engines of one peer: made for `inWorker`, and of no other use. */
serve(globalThis as unknown as Door, (wiring) => new WebrtcLinks(wiring))
