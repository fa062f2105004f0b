import type { CDPSession, Page } from 'playwright'
import type { TuttiEditor } from '../../ui/editor/index.ts'
import type { TuttiBoard, TuttiChat, TuttiTasks } from '../../ui/index.ts'

/** What one tab of a room at work measured. */
export interface Strain {
  /** Share of a core that the main thread took. */
  readonly mainThread: number
  /** Milliseconds between two frames: so many of a hundred were at most that long. */
  readonly frameP50Ms: number
  readonly frameP95Ms: number
}

const ROUND_MS = 4_000
const CLOCK_MS = 16
const WORDS = 'all together now from the beginning a little louder and once more with the strings alone please'.split(
  ' ',
)

/** A visitor of the room who draws, writes, moves cards and talks in turn, the pointer always on the move. */
export class Worker {
  readonly #page: Page
  readonly #cdp: CDPSession
  readonly #seed: number
  #steps = 0

  private constructor(page: Page, cdp: CDPSession, seed: number) {
    this.#page = page
    this.#cdp = cdp
    this.#seed = seed
  }

  static async begin(page: Page, seed: number): Promise<Worker> {
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    return new Worker(page, cdp, seed)
  }

  /** Works until then. */
  async work(untilMs: number): Promise<Strain> {
    const from = { at: Date.now(), thread: await this.#threadS() }
    await this.#page.evaluate(WATCH_FRAMES)
    const tasks = [() => this.#draw(untilMs), () => this.#write(untilMs), () => this.#plan(untilMs), () => this.#talk()]
    for (let round = this.#seed; Date.now() < untilMs; round++) await tasks[round % tasks.length]!()
    const frames = (await this.#page.evaluate('window.frameTimesMs')) as number[]
    const thread = (await this.#threadS()) - from.thread
    const at = (share: number): number => frames.toSorted((a, b) => a - b)[Math.floor(frames.length * share)] ?? 0
    return { mainThread: (thread * 1_000) / (Date.now() - from.at), frameP50Ms: at(0.5), frameP95Ms: at(0.95) }
  }

  /** All that this tab shows of the room's work, as text. */
  digest(): Promise<string> {
    return this.#page.evaluate(() =>
      JSON.stringify([
        document.querySelector<TuttiBoard>('tutti-board')?.things,
        document.querySelector<TuttiEditor>('tutti-editor')?.text,
        document.querySelector<TuttiTasks>('tutti-tasks')?.cards,
        document.querySelector<TuttiChat>('tutti-chat')?.lines,
      ]),
    )
  }

  async #draw(untilMs: number): Promise<void> {
    const box = await this.#show('board', 'tutti-board canvas')
    const end = Math.min(untilMs, Date.now() + ROUND_MS)
    while (Date.now() < end) {
      await this.#move(box)
      await this.#page.mouse.down()
      for (let n = 0; n < 40 && Date.now() < end; n++) await this.#move(box)
      await this.#page.mouse.up()
    }
  }

  async #write(untilMs: number): Promise<void> {
    const box = await this.#show('text', 'tutti-editor')
    await this.#page.locator('tutti-editor .cm-content').click()
    const end = Math.min(untilMs, Date.now() + ROUND_MS)
    while (Date.now() < end) {
      await this.#page.keyboard.type(`${WORDS[this.#steps % WORDS.length]} `)
      for (let n = 0; n < 12; n++) await this.#move(box)
    }
  }

  async #plan(untilMs: number): Promise<void> {
    const box = await this.#show('tasks', 'tutti-tasks')
    const end = Math.min(untilMs, Date.now() + ROUND_MS)
    while (Date.now() < end) {
      await this.#page.evaluate((step) => {
        const tasks = document.querySelector<TuttiTasks>('tutti-tasks')!
        const { cards } = tasks
        const card = cards[step % Math.max(1, cards.length)]
        if (card === undefined || cards.length < 12) tasks.addCard(`card ${step}`)
        else tasks.moveCard(card.id, cards[(step * 7) % cards.length]!.column)
      }, this.#steps)
      for (let n = 0; n < 30; n++) await this.#move(box)
    }
  }

  async #talk(): Promise<void> {
    const input = this.#page.locator('tutti-chat [part=input]')
    await input.fill(`${WORDS[this.#steps % WORDS.length]} ${this.#steps}`)
    await input.press('Enter')
  }

  async #show(surface: string, selector: string): Promise<Box> {
    await this.#page.evaluate((hash) => {
      location.hash = hash
    }, surface)
    const element = this.#page.locator(selector)
    await element.waitFor()
    return (await element.boundingBox())!
  }

  /** A step along a curve, as often as a pointer tells of itself. */
  async #move({ x, y, width, height }: Box): Promise<void> {
    const start = Date.now()
    const phase = ++this.#steps / 20 + this.#seed * 2
    const across = 0.5 + 0.4 * Math.sin(phase * 1.3)
    const down = 0.45 + 0.35 * Math.cos(phase)
    await this.#page.mouse.move(x + width * across, y + height * down)
    const left = CLOCK_MS - (Date.now() - start)
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
  }

  async #threadS(): Promise<number> {
    const { metrics } = await this.#cdp.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'ThreadTime')!.value
  }
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** As text: what the loader of this file makes of functions does not run in a page. */
const WATCH_FRAMES = `(() => {
  let last = performance.now()
  window.frameTimesMs = []
  requestAnimationFrame(function look(now) {
    window.frameTimesMs.push(now - last)
    last = now
    requestAnimationFrame(look)
  })
})()`
