import { TuttiFiles } from '../../ui/index.ts'
import { define } from './elements.ts'

export function open(): HTMLElement {
  define({ 'tutti-files': TuttiFiles })
  return document.createElement('tutti-files')
}
