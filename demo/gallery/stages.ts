import { createFaults, type Faults } from '../../peer/faults/index.ts'
import type { Group } from '../../peer/index.ts'
import type { TuttiGroup } from '../../ui/index.ts'

/** A member of a group whose state is shown, and which several frames show at once. */
export type StageName = 'ada' | 'bo' | 'alone' | 'joining' | 'relayed' | 'blocked' | 'rejoining' | 'forked'

/** Reserved for addresses that never lead anywhere. */
export const unreachable = 'https://signal.invalid'

/** Groups of this page meet nobody of another one. */
const place = `local:gallery-${crypto.randomUUID()}`

/** Stays the same for the life of the page, and so does the group once it is joined. */
export type Stages = ReadonlyMap<StageName, TuttiGroup>

/** Puts all members on stage; each group comes into its state by itself, by what really brings it about. */
export function openStages(): Stages {
  const pair = ['Ada', 'Bo', 'Cy'].map((name) => enter('together', name))
  return new Map<StageName, TuttiGroup>([
    ['ada', pair[0]!],
    ['bo', pair[1]!],
    ['alone', enter('alone', 'Ada')],
    ['joining', enter('joining', 'Ada', undefined, unreachable)],
    ['relayed', trio('relayed', (group, faults) => faults.cut(other(group, 'Bo')))],
    ['blocked', trio('blocked', block)],
    ['rejoining', trio('rejoining', excludeForGood)],
    ['forked', trio('forked', fork)],
  ])
}

/** Three members, and what befalls the first of them once all are there. */
function trio(room: string, befall: Befall): TuttiGroup {
  const faults = createFaults({ brokenAfterMs: 1_000 })
  const elements = [enter(room, 'Ada', faults), enter(room, 'Bo'), enter(room, 'Cy')] as const
  const begin = (): void => {
    const [first, second, third] = elements.map(({ group }) => group)
    if (!first || !second || !third) return
    when(
      first,
      () => first.view.members.length === 3,
      () => befall(first, faults, second),
    )
  }
  for (const element of elements) element.addEventListener('tutti-joined', begin, { once: true })
  return elements[0]
}

/** `faults` are those of the first member; `second` is the group as the next one sees it. */
type Befall = (first: Group, faults: Faults, second: Group) => void

function enter(room: string, name: string, faults?: Faults, signaling = place): TuttiGroup {
  const element = document.createElement('tutti-group')
  Object.assign(element, { signaling, room, name, color: colors[name] })
  // A gallery need not allow for tabs that sleep.
  element.options = { config: { suspectAfterMs: 3_000 }, ...(faults && { runtime: faults.runtime }) }
  document.getElementById('backstage')!.append(element)
  return element
}

const colors: Readonly<Record<string, number>> = { Ada: 1, Bo: 2, Cy: 3 }

function cutOff(group: Group, faults: Faults): void {
  for (const name of ['Bo', 'Cy']) faults.cut(other(group, name))
}

function block(group: Group, faults: Faults): void {
  cutOff(group, faults)
  const waits = (): void => {
    for (let count = 0; count < 2; count++) group.cbcast({ tutti: 'waits' })
  }
  when(group, () => group.status === 'blocked', waits)
}

function fork(group: Group, faults: Faults): void {
  cutOff(group, faults)
  // One that comes too late for it is back with the others, and there is nothing to show.
  when(
    group,
    () => group.status === 'blocked',
    () => void group.fork().catch(() => {}),
  )
}

/** The others go on; the way to them opens, and closes as soon as this member knows that it was left out. */
function excludeForGood(group: Group, faults: Faults, second: Group): void {
  const others = group.view.members.filter(({ name }) => name !== 'Ada')
  const cut = (): void => {
    for (const member of others) faults.cut(member)
  }
  cut()
  group.addEventListener('status', () => group.status === 'rejoining' && cut())
  when(
    second,
    () => second.view.members.length === 2,
    () => faults.mendAll(),
  )
}

function other(group: Group, name: string): Group['view']['members'][number] {
  return group.view.members.find((member) => member.name === name)!
}

/** Calls `run` once, as soon as a view or a status makes it true. */
function when(group: Group, isTrue: () => boolean, run: () => void): void {
  const look = (): void => {
    if (!isTrue()) return
    for (const type of ['view', 'status']) group.removeEventListener(type, look)
    run()
  }
  for (const type of ['view', 'status']) group.addEventListener(type, look)
  look()
}
