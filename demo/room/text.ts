import { TuttiEditor } from '../../ui/editor/index.ts'
import { define } from './elements.ts'

export function open(): HTMLElement {
  define({ 'tutti-editor': TuttiEditor })
  return document.createElement('tutti-editor')
}
