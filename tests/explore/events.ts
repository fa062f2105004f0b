import type { Act } from './scenario.ts'

/** Something that may happen in a state. */
export type Event =
  | { readonly type: 'receive'; readonly by: number; readonly from: number; readonly message: number }
  | { readonly type: 'lose'; readonly by: number; readonly from: number }
  | { readonly type: 'crash'; readonly by: number }
  | { readonly type: 'suspect'; readonly by: number; readonly of: number }
  | { readonly type: 'act'; readonly by: number; readonly index: number; readonly act: Act['act'] }
  | { readonly type: 'timer'; readonly by: number }
  | { readonly type: 'break'; readonly by: number; readonly other: number }
  | { readonly type: 'cut'; readonly ranks: readonly number[] }
  | { readonly type: 'heal' }
  /** The witness forgets all. */
  | { readonly type: 'restart' }
  /** A member's connection to the witness breaks. */
  | { readonly type: 'disconnect'; readonly by: number }
  /** A member notices that it has no connection to the witness; or has one again, and is told the token. */
  | { readonly type: 'tell'; readonly by: number; readonly token: string | undefined }

/** What a member's engine takes as input. */
export type Taken = Extract<Event, { type: 'receive' | 'suspect' | 'act' | 'timer' | 'tell' }>

/** For people. */
export function describeEvent(
  event: Event,
  names: readonly string[],
  describeMessage: (message: number) => string,
): string {
  const by = 'by' in event ? names[event.by] : ''
  switch (event.type) {
    case 'receive':
      return `${by} receives from ${names[event.from]}: ${describeMessage(event.message)}`
    case 'lose':
      return `all that is still on its way from ${names[event.from]} to ${by} is lost`
    case 'crash':
      return `${by} crashes`
    case 'suspect':
      return `${by} suspects ${names[event.of]}`
    case 'act':
      return `${by}: ${event.act}`
    case 'timer':
      return `${by}'s clock goes on, and what is due fires`
    case 'break':
      return `the link of ${by} and ${names[event.other]} breaks and is replaced; what was on its way is lost`
    case 'cut':
      return `${event.ranks.map((rank) => names[rank]).join(' and ')} cut off from the others`
    case 'heal':
      return 'there are links again between the two sides'
    case 'restart':
      return 'the witness restarts'
    case 'disconnect':
      return `the connection of ${by} to the witness breaks; what was on its way is lost`
    case 'tell':
      return event.token === undefined
        ? `${by} notices that the witness is out of reach`
        : `${by} is told the token ${event.token}`
  }
}

/** Inputs as numbers; what is equal for two is taken for the same input of the same peer. */
export function numberOf(event: Taken): number {
  switch (event.type) {
    case 'suspect':
      return event.of
    case 'act':
      return 16 + event.index
    case 'timer':
      return 32
    case 'tell':
      return event.token === undefined ? 33 : 33 + Number(event.token.slice(1))
    case 'receive':
      return 64 + event.message * 16 + event.from
  }
}
