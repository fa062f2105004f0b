import { TuttiTasks } from '../../ui/index.ts'
import { define } from './elements.ts'

export function open(): HTMLElement {
  define({ 'tutti-tasks': TuttiTasks })
  return document.createElement('tutti-tasks')
}
