import { connect } from 'tutti'

const peer = connect({ signaling: location.origin, name: 'Ada' })
const group = await peer.join('planning-room')
document.onclick = () => group.cbcast('hello')

for await (const event of group) {
  if (event.type === 'view') document.body.append(`Here: ${event.view.members.map(({ name }) => name)}. `)
  if (event.type === 'message') document.body.append(`${event.from.name} says ${event.value}. `)
}
