/** What of socket.io's client is needed, in a file of its own: bundlers leave out the rest, and pages load it when they need it. */
export { io } from 'socket.io-client'
