import type { Act } from './scenario.ts'

/** Fires heartbeats (500 ms), retries (400 ms) and pulls (100 ms); too little for a member to blame itself or another. */
const JUMP_MS = 500

/** Something that may happen in a state. */
export type Event =
  | { readonly type: 'receive'; readonly by: number; readonly from: number; readonly message: number }
  | { readonly type: 'lose'; readonly by: number; readonly from: number }
  | { readonly type: 'crash'; readonly by: number }
  | { readonly type: 'suspect'; readonly by: number; readonly of: number }
  | { readonly type: 'act'; readonly by: number; readonly act: Act['act'] }
  | { readonly type: 'jump'; readonly by: number }

/** What a member's engine takes as input. */
export type Taken = Exclude<Event, { type: 'lose' | 'crash' }>

/** For people. */
export function describeEvent(
  event: Event,
  names: readonly string[],
  describeMessage: (message: number) => string,
): string {
  const by = names[event.by]
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
    case 'jump':
      return `${by}'s clock goes on by ${JUMP_MS} ms`
  }
}

const ACT_NUMBERS: Readonly<Record<Act['act'], number>> = { fifo: 0, causal: 1, total: 2, close: 3, leave: 4 }

/** Inputs as numbers; what is equal for two is taken for the same input of the same peer. */
export function numberOf(event: Taken): { number: number; elapsedMs: number } {
  switch (event.type) {
    case 'receive':
      return { number: 64 + event.message * 16 + event.from, elapsedMs: 0 }
    case 'suspect':
      return { number: event.of, elapsedMs: 0 }
    case 'act':
      return { number: 32 + ACT_NUMBERS[event.act], elapsedMs: 0 }
    case 'jump':
      return { number: 63, elapsedMs: JUMP_MS }
  }
}
