import type { StageName } from './stages.ts'

/** One element in one state. */
export interface Specimen {
  readonly state: string
  /** How the state came about, or what to try. */
  readonly about: string
  /** What stands inside the group. */
  readonly inside: string
  /** Whose group it is shown in, one frame each; `none`: in no group. A group of its own has its HTML here instead. */
  readonly seenBy: readonly StageName[] | 'none' | { readonly group: string; readonly andThen?: 'leave' }
  /** Attributes of the frame: another direction, other colours. */
  readonly frame?: string
}

export interface Exhibit {
  readonly tag: string
  readonly about: string
  readonly specimens: readonly Specimen[]
}

const gone = { group: '<tutti-group signaling="local:" room="left">', andThen: 'leave' } as const

const together = (inside: string, about: string): Specimen => ({
  state: 'Together',
  about,
  inside,
  seenBy: ['ada', 'bo'],
})
const alone = (inside: string, about = 'Nobody else is here yet.'): Specimen => ({
  state: 'Alone, and empty',
  about,
  inside,
  seenBy: ['alone'],
})
const blocked = (inside: string, about: string): Specimen => ({ state: 'Blocked', about, inside, seenBy: ['blocked'] })
const outside = (inside: string): Specimen => ({
  state: 'Outside of a group',
  about: 'There is no <code>&lt;tutti-group&gt;</code> around it.',
  inside,
  seenBy: 'none',
})
const joining = (inside: string): Specimen => ({
  state: 'Joining',
  about: 'The server named here does not exist.',
  inside,
  seenBy: ['joining'],
})
const left = (inside: string): Specimen => ({
  state: 'After leaving',
  about: 'The group was left by <code>group.leave()</code>.',
  inside,
  seenBy: gone,
})

export const exhibits: readonly Exhibit[] = [
  {
    tag: 'tutti-group',
    about: 'Joins, and hands the group to what stands inside. It draws nothing of its own.',
    specimens: [
      {
        state: 'Joined',
        about: 'Two members of one room, each with a status line inside.',
        inside: '<tutti-status></tutti-status>',
        seenBy: ['ada', 'bo'],
      },
      {
        state: 'Without a room',
        about: 'Nothing is joined until <code>room</code> is set.',
        inside: '<tutti-status></tutti-status>',
        seenBy: { group: '<tutti-group signaling="local:">' },
      },
    ],
  },
  {
    tag: 'tutti-status',
    about: 'One line that says where this page stands, and what to do.',
    specimens: [
      { ...together('<tutti-status></tutti-status>', 'All is well.'), seenBy: ['ada'] },
      alone('<tutti-status></tutti-status>'),
      joining('<tutti-status></tutti-status>'),
      {
        state: 'Reached through another',
        about: 'The link to Bo is cut. Cy passes on what the two say to each other.',
        inside: '<tutti-status></tutti-status>',
        seenBy: ['relayed'],
      },
      blocked('<tutti-status></tutti-status>', 'Both links of this member are cut. Two messages wait.'),
      {
        state: 'Coming back',
        about: 'The others went on without this member. It learned so, and is kept from reaching them again.',
        inside: '<tutti-status></tutti-status>',
        seenBy: ['rejoining'],
      },
      {
        state: 'Gone on alone',
        about: 'A blocked member that went on without the others.',
        inside: '<tutti-status></tutti-status>',
        seenBy: ['forked'],
      },
      {
        state: 'Could not join',
        about: 'The address of the server makes no sense.',
        inside: '<tutti-status></tutti-status>',
        seenBy: { group: '<tutti-group signaling="ftp://example.org" room="gallery">' },
      },
      left('<tutti-status></tutti-status>'),
      outside('<tutti-status></tutti-status>'),
    ],
  },
  {
    tag: 'tutti-roster',
    about: 'Who is here, by rank.',
    specimens: [
      together('<tutti-roster></tutti-roster>', 'The eldest member coordinates.'),
      alone('<tutti-roster></tutti-roster>'),
      {
        state: 'Reached through another',
        about: 'The link to Bo is cut; Cy passes on.',
        inside: '<tutti-roster></tutti-roster>',
        seenBy: ['relayed'],
      },
      blocked('<tutti-roster></tutti-roster>', 'Two members do not answer.'),
      joining('<tutti-roster></tutti-roster>'),
      outside('<tutti-roster></tutti-roster>'),
    ],
  },
  {
    tag: 'tutti-chat',
    about: 'A chat in which no answer overtakes its question.',
    specimens: [
      together('<tutti-chat></tutti-chat>', 'Write in either frame.'),
      alone('<tutti-chat></tutti-chat>'),
      blocked('<tutti-chat></tutti-chat>', 'What is written waits.'),
      joining('<tutti-chat></tutti-chat>'),
      left('<tutti-chat></tutti-chat>'),
      {
        state: 'From right to left',
        about: 'It follows <code>dir</code>, and each line its own text.',
        inside: '<tutti-chat></tutti-chat>',
        seenBy: ['ada'],
        frame: 'dir="rtl"',
      },
      {
        state: 'In other colours',
        about: 'By custom properties, on it or on anything around it.',
        inside: '<tutti-chat></tutti-chat>',
        seenBy: ['ada'],
        frame:
          'style="color-scheme: light; --tutti-surface: #fdf6ec; --tutti-sunken: #f3e5d0; --tutti-text: #3b2a1a; --tutti-muted: #6b543d; --tutti-accent: #8a4b12; --tutti-radius: 2px; --tutti-font: Georgia, serif"',
      },
    ],
  },
  {
    tag: 'tutti-cursors',
    about: "The others' pointers over whatever stands in it.",
    specimens: [
      together(
        '<tutti-cursors>\n    <p style="padding: 3rem 1rem; margin: 0">Any content. Move here.</p>\n  </tutti-cursors>',
        'Move over one frame and look at the other.',
      ),
    ],
  },
  {
    tag: 'tutti-board',
    about: 'A whiteboard.',
    specimens: [
      together('<tutti-board></tutti-board>', 'Draw in either frame.'),
      alone('<tutti-board></tutti-board>'),
      joining('<tutti-board></tutti-board>'),
    ],
  },
  {
    tag: 'tutti-editor',
    about: 'A text that everybody writes in at once. An entry of its own: <code>tutti/ui/editor</code>.',
    specimens: [
      together('<tutti-editor></tutti-editor>', 'Write in both frames.'),
      alone('<tutti-editor placeholder="Begin …"></tutti-editor>'),
      {
        state: 'Read only',
        about: 'It shows what others write.',
        inside: '<tutti-editor readonly></tutti-editor>',
        seenBy: ['ada'],
      },
      joining('<tutti-editor></tutti-editor>'),
    ],
  },
  {
    tag: 'tutti-tasks',
    about: 'Cards in columns.',
    specimens: [
      together('<tutti-tasks></tutti-tasks>', 'Drag a card, or press Space on it and use the arrows.'),
      alone('<tutti-tasks columns="Later, Now, Never"></tutti-tasks>', 'With columns of its own.'),
      blocked('<tutti-tasks></tutti-tasks>', 'What is moved is shown here, and counts when the others are back.'),
      joining('<tutti-tasks></tutti-tasks>'),
    ],
  },
  {
    tag: 'tutti-files',
    about: 'Files for everybody, latecomers included.',
    specimens: [
      together('<tutti-files></tutti-files>', 'Drop a file.'),
      alone('<tutti-files></tutti-files>'),
      {
        state: 'With a limit',
        about: 'A file over the limit is refused before anything is sent.',
        inside: '<tutti-files max-file-bytes="1000"></tutti-files>',
        seenBy: ['alone'],
      },
      joining('<tutti-files></tutti-files>'),
    ],
  },
  {
    tag: 'tutti-mesh',
    about: 'Who is linked to whom.',
    specimens: [
      { ...together('<tutti-mesh></tutti-mesh>', 'A link to each.'), seenBy: ['ada'] },
      {
        state: 'Reached through another',
        about: 'The link to Bo is cut; Cy passes on.',
        inside: '<tutti-mesh></tutti-mesh>',
        seenBy: ['relayed'],
      },
      alone('<tutti-mesh></tutti-mesh>'),
      blocked('<tutti-mesh></tutti-mesh>', 'No way leads to the others.'),
    ],
  },
  {
    tag: 'tutti-spacetime',
    about: 'The space-time diagram of the group.',
    specimens: [
      { ...together('<tutti-spacetime></tutti-spacetime>', 'Choose an event to see its past.'), seenBy: ['ada'] },
      alone('<tutti-spacetime></tutti-spacetime>'),
      blocked('<tutti-spacetime></tutti-spacetime>', 'A blocked member is shaded.'),
    ],
  },
]
