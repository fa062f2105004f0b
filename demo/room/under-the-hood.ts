import type { Faults } from '../../peer/faults/index.ts'
import { TuttiMesh, TuttiSpacetime } from '../../ui/index.ts'
import { define } from './elements.ts'
import { DemoFigures } from './figures.ts'
import { DemoHarm } from './harm.ts'
import { DemoHood } from './hood.ts'

/** Everything under the hood, ready to be put into the page. `link`: where another tab joins the room. */
export function openHood(faults: Faults, link: string): HTMLElement {
  define({
    'tutti-spacetime': TuttiSpacetime,
    'tutti-mesh': TuttiMesh,
    'demo-figures': DemoFigures,
    'demo-harm': DemoHarm,
    'demo-hood': DemoHood,
  })
  return Object.assign(document.createElement('demo-hood'), { faults, link })
}
