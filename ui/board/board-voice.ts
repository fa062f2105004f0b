import type { GroupHost } from '../group/group-host.ts'
import { peerOf } from '../peer-of.ts'
import { spoken } from '../spoken.ts'
import type { BoardNews } from './board-model.ts'
import type { Thing } from './thing.ts'
import { Announcer, describe } from './words.ts'

/** What a board says to those who do not see it. */
export class BoardVoice {
  /** What is on the board. */
  what = describe([])
  /** What was done last, here or by others. */
  said = ''
  readonly #changed: () => void
  readonly #announcer = new Announcer((sentence) => this.say(sentence))

  /** @param changed - called when something new is said */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  say(sentence: string): void {
    this.said = spoken(sentence, this.said)
    this.#changed()
  }

  describe(things: readonly Thing[]): void {
    this.what = describe(things)
    this.#changed()
  }

  /** What another member did; told a little later, with what else is done. */
  takeNews(news: BoardNews, host: GroupHost | undefined): void {
    const member = host?.group?.view.members.find((each) => peerOf(each) === news.by)
    if (news.by !== undefined)
      this.#announcer.take(member === undefined ? 'Someone' : host!.profileOf(member).name, news)
  }

  stop(): void {
    this.#announcer.stop()
  }
}
