import { createContext } from '@lit/context'
import type { Group } from '../../peer/index.ts'
import type { GroupHost } from './group-host.ts'

/** The group of the nearest `<tutti-group>`, or null before it is joined: for elements of the page's own. */
export const groupContext = createContext<Group<unknown, unknown> | null, 'tutti-group'>('tutti-group')

/** The nearest `<tutti-group>`'s host: for elements that keep a share of the state. */
export const hostContext = createContext<GroupHost | undefined, 'tutti-host'>('tutti-host')
