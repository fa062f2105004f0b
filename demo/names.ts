/** A room that nobody is likely to be in, easy to read out: `andante-oboe-412`. */
export function randomRoom(): string {
  return `${pick(tempos)}-${pick(instruments)}-${100 + Math.floor(Math.random() * 900)}`
}

/** A name for someone who gave none: `Calm Heron`. */
export function randomName(): string {
  return `${pick(moods)} ${pick(animals)}`
}

function pick(words: readonly string[]): string {
  return words[Math.floor(Math.random() * words.length)]!
}

const tempos = 'adagio allegro andante cantabile dolce grazioso larghetto lento moderato presto vivace'.split(' ')
const instruments = 'alto bassoon cello clarinet cornet flute harp horn lute oboe piano viola violin'.split(' ')
const moods = 'Bright Calm Curious Gentle Happy Keen Kind Lively Merry Patient Quiet Swift Witty'.split(' ')
const animals = 'Badger Crane Dolphin Finch Fox Hare Heron Ibis Lynx Marten Otter Robin Seal Swan Wren'.split(' ')
