import { createSignalingServer } from '../../../signaling/index.ts'

// The signaling server as a process of its own, so that it can be killed. It ends with the process that started it.

const [host = '', port = '', bootGraceMs = ''] = process.argv.slice(2)
process.stdin.on('close', () => process.exit()).resume()
const server = await createSignalingServer({ host, port: Number(port), bootGraceMs: Number(bootGraceMs) })
process.stdout.write(`${server.port}\n`)
