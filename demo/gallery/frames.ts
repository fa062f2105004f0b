import { ContextProvider } from '@lit/context'
import { groupContext, hostContext, type TuttiGroup } from '../../ui/index.ts'
import type { Exhibit, Specimen } from './specimens.ts'
import { type StageName, type Stages, unreachable } from './stages.ts'

/** One element with all its states. */
export function makeExhibit({ tag, about, specimens }: Exhibit, stages: Stages): HTMLElement {
  const section = document.createElement('section')
  section.innerHTML = `<h2 id="${tag}"><code>&lt;${tag}&gt;</code><a class="anchor" href="#${tag}" aria-label="Link to this element">#</a></h2><p>${about}</p>`
  section.append(...specimens.map((specimen) => makeSpecimen(specimen, stages, tag)))
  return section
}

function makeSpecimen(specimen: Specimen, stages: Stages, tag: string): HTMLElement {
  const article = document.createElement('article')
  article.className = 'specimen'
  article.innerHTML = `<h3>${specimen.state}</h3><p>${specimen.about}</p><div class="frames"></div>`
  article.dataset.state = specimen.state
  article.querySelector('.frames')!.append(...framesOf(specimen, stages, tag))
  article.append(codeOf(specimen))
  return article
}

function framesOf(specimen: Specimen, stages: Stages, tag: string): HTMLElement[] {
  const { seenBy, inside, state, frame: attributes = '' } = specimen
  if (Array.isArray(seenBy)) {
    return seenBy.map((name: StageName) => {
      const frame = makeFrame(attributes, seenBy.length > 1 ? `${people[name]}'s page` : undefined, `${tag}, ${state}`)
      provide(frame, stages.get(name)!)
      frame.insertAdjacentHTML('beforeend', inside)
      return frame
    })
  }
  const frame = makeFrame(attributes, undefined, `${tag}, ${state}`)
  if (typeof seenBy === 'object' && 'group' in seenBy) {
    frame.insertAdjacentHTML('beforeend', `${seenBy.group}${inside}</tutti-group>`)
    if (seenBy.andThen === 'leave') leaveOnceIn(frame.querySelector('tutti-group')!)
  } else frame.insertAdjacentHTML('beforeend', inside)
  return [frame]
}

const people: Partial<Record<StageName, string>> = { ada: 'Ada', bo: 'Bo' }

function makeFrame(attributes: string, title: string | undefined, label: string): HTMLElement {
  const holder = document.createElement('div')
  holder.innerHTML = `<div class="frame" role="group" ${attributes}></div>`
  const frame = holder.firstElementChild as HTMLElement
  frame.ariaLabel = title === undefined ? label : `${title}: ${label}`
  if (title !== undefined) frame.insertAdjacentHTML('beforeend', `<p class="whose">${title}</p>`)
  return frame
}

/** What stands in the frame takes part in the group of a member on stage, as if that stood around it. */
function provide(frame: HTMLElement, element: TuttiGroup): void {
  const hosts = new ContextProvider(frame, { context: hostContext, initialValue: element.host })
  const groups = new ContextProvider(frame, { context: groupContext, initialValue: element.group })
  element.addEventListener('tutti-joined', ({ detail }) => {
    hosts.setValue(element.host)
    groups.setValue(detail.group)
  })
}

/** Once: whoever joins again from there, stays. */
function leaveOnceIn(element: TuttiGroup): void {
  element.addEventListener('tutti-joined', ({ detail }) => void detail.group.leave(), { once: true })
}

function codeOf({ seenBy, inside, frame }: Specimen): HTMLElement {
  const isOwn = typeof seenBy === 'object' && 'group' in seenBy
  const signaling = Array.isArray(seenBy) && seenBy.includes('joining') ? unreachable : 'local:'
  const group = isOwn ? seenBy.group : `<tutti-group signaling="${signaling}" room="gallery">`
  const inner = seenBy === 'none' ? inside.replaceAll('\n  ', '\n') : `${group}\n  ${inside}\n</tutti-group>`
  const text = frame === undefined ? inner : inner.replace(/^<tutti-group/, `<tutti-group ${frame}`)
  const holder = document.createElement('div')
  holder.className = 'code'
  holder.innerHTML =
    '<pre tabindex="0" aria-label="HTML"><code></code></pre><button type="button" class="copy">Copy</button>'
  holder.querySelector('code')!.textContent = text
  return holder
}
