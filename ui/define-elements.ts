import { TuttiBoard } from './board/tutti-board.ts'
import { TuttiChat } from './chat/tutti-chat.ts'
import { TuttiCursors } from './cursors/tutti-cursors.ts'
import { TuttiFiles } from './files/tutti-files.ts'
import { TuttiGroup } from './group/tutti-group.ts'
import { TuttiMesh } from './mesh/tutti-mesh.ts'
import { TuttiRoster } from './roster/tutti-roster.ts'
import { TuttiSpacetime } from './spacetime/tutti-spacetime.ts'
import { TuttiStatus } from './status/tutti-status.ts'
import { TuttiTasks } from './tasks/tutti-tasks.ts'

/** Registers every element whose tag is still free. Importing `tutti/ui/define` calls it. */
export function defineElements(): void {
  for (const [tag, element] of elements) if (customElements.get(tag) === undefined) customElements.define(tag, element)
}

/** The group first: those inside look for it as soon as they come alive. */
const elements = [
  ['tutti-group', TuttiGroup],
  ['tutti-status', TuttiStatus],
  ['tutti-roster', TuttiRoster],
  ['tutti-chat', TuttiChat],
  ['tutti-cursors', TuttiCursors],
  ['tutti-board', TuttiBoard],
  ['tutti-tasks', TuttiTasks],
  ['tutti-files', TuttiFiles],
  ['tutti-spacetime', TuttiSpacetime],
  ['tutti-mesh', TuttiMesh],
] as const
