import type { Page } from 'playwright/test'
import { hostileText } from './support/hostile-text.ts'
import { expect, expectFit, size, test } from './support/social-test.ts'

// The chat, in tabs of a real browser.

test('one sees who types, until the line comes or it is taken back', async ({ room }) => {
  const [ada, bo, cy] = await room.together('Ada', 'Bo', 'Cy')
  await input(ada).pressSequentially('Hel')
  await expect(part(bo, 'typing')).toHaveText('Ada is typing …')
  await expect(part(ada, 'typing')).toHaveText('')
  await input(cy).pressSequentially('x')
  await expect(part(bo, 'typing')).toHaveText('Ada and Cy are typing …')
  await input(cy).fill('')
  await expect(part(bo, 'typing')).toHaveText('Ada is typing …')
  await input(ada).press('Enter')
  await expect(part(bo, 'line')).toContainText('Hel')
  await expect(part(bo, 'typing')).toHaveText('')
  await input(ada).pressSequentially('x')
  await expect(part(bo, 'typing')).toHaveText('Ada is typing …')
  await expect(part(bo, 'typing'), 'nothing more is heard').toHaveText('')
})

test('an answer shows what it answers, for latecomers too, and leads there', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await say(ada, 'Shall we begin?')
  await expect(part(bo, 'line')).toHaveCount(1)
  await part(bo, 'line').hover()
  await part(bo, 'reply').click()
  await expect(part(bo, 'answering')).toContainText('Reply to Ada Shall we begin?')
  await expect(input(bo)).toBeFocused()
  await say(bo, 'Yes, all together!')
  await expect(part(bo, 'answering')).toHaveCount(0)
  await expect(part(ada, 'quote')).toContainText('Ada Shall we begin?')
  for (let n = 1; n <= 30; n++) await say(bo, `${n}`)

  const late = await room.open('Late')
  await expect(part(late, 'line')).toHaveCount(32)
  await expect(part(late, 'line').first()).not.toBeInViewport()
  await part(late, 'quote').focus()
  await part(late, 'quote').press('Enter')
  await expect(part(late, 'line').first()).toBeInViewport()
  await expect(part(late, 'line').first()).toBeFocused()
})

test('one answers by keyboard alone, and takes it back', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  for (const text of ['one', 'two', 'three']) await say(ada, text)
  await expect(part(bo, 'line')).toHaveCount(3)
  await input(bo).press('ArrowUp')
  await expect(part(bo, 'answering')).toContainText('three')
  await input(bo).press('ArrowUp')
  await input(bo).press('ArrowUp')
  await input(bo).press('ArrowUp')
  await expect(part(bo, 'answering')).toContainText('one')
  await input(bo).press('ArrowDown')
  await expect(part(bo, 'answering')).toContainText('two')
  await expect(input(bo)).toHaveAccessibleDescription('Reply to Ada two')
  await input(bo).press('Escape')
  await expect(part(bo, 'answering')).toHaveCount(0)

  await part(bo, 'log').focus()
  await bo.keyboard.press('ArrowUp')
  await bo.keyboard.press('ArrowUp')
  await expect(part(bo, 'line').nth(1)).toBeFocused()
  await bo.keyboard.press('Enter')
  await expect(input(bo)).toBeFocused()
  await bo.keyboard.type('two indeed')
  await bo.keyboard.press('Enter')
  await expect(part(ada, 'quote')).toContainText('Ada two')
})

test('an answer to a line that is gone says so', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await say(ada, 'the first')
  await expect(part(bo, 'line')).toHaveCount(1)
  await bo.evaluate(() => {
    const chat = document.querySelector('tutti-chat')!
    const answers = chat.lines[0]!.id
    for (let n = 0; n < 499; n++) chat.say(`${n}`)
    chat.say('the answer', { answers })
  })
  await expect(part(ada, 'line').last()).toContainText('the answer')
  await expect(part(ada, 'line')).toHaveCount(500)
  await expect(part(ada, 'quote')).toHaveText('Answers a line that is no longer here.')
})

test('one who reads further up stays there and is told what came', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  for (let n = 1; n <= 20; n++) await say(ada, `line ${n}`)
  await expect(part(bo, 'line')).toHaveCount(20)
  await expect(part(bo, 'line').last()).toBeInViewport()
  await part(bo, 'log').evaluate((log) => log.scrollTo(0, 0))
  await expect(part(bo, 'line').first()).toBeInViewport()
  for (let n = 21; n <= 23; n++) await say(ada, `line ${n}`)
  await expect(part(bo, 'unread')).toContainText('3 new')
  await expect(part(bo, 'line').first()).toBeInViewport()
  await part(bo, 'unread').click()
  await expect(part(bo, 'line').last()).toBeInViewport()
  await expect(part(bo, 'unread')).toHaveCount(0)
  await expect(part(bo, 'mark')).toHaveText('New')
  await say(bo, 'seen')
  await expect(part(bo, 'mark')).toHaveCount(0)
})

test('names and lines are text, cut with a mark, and break nothing', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', hostileText)
  await bo.evaluate((text) => document.querySelector('tutti-chat')!.say(text), hostileText)
  const line = part(ada, 'line').locator('p')
  await expect(line).toContainText('<img src=x onerror=')
  expect(await line.textContent()).toMatch(/^[^\p{Control}\u202E\u2066]{1999}…$/u)
  expect((await part(ada, 'line').locator('.by bdi').textContent())!.length).toBe(32)
  await part(ada, 'line').hover()
  await part(ada, 'reply').click()
  await say(ada, '\u202Eright to left?')
  await expect(part(bo, 'line').last().locator('p')).toHaveText('right to left?')
  await expect(ada).not.toHaveTitle('broken')
  expect(await part(ada, 'log').evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0)
  await input(ada).fill(' \u200B ')
  await input(ada).press('Enter')
  expect(await ada.evaluate(() => document.querySelector('tutti-chat')!.lines.length)).toBe(2)
})

test('tells of each line by an event, and announces lines politely', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await bo.evaluate(() => {
    const told: unknown[] = []
    document.addEventListener('tutti-line', (event) => {
      const { line, mine } = (event as HTMLElementEventMap['tutti-line']).detail
      told.push([line.name, line.text, mine])
    })
    Object.assign(window, { told })
  })
  await say(ada, 'one')
  await expect(part(bo, 'line')).toHaveCount(1)
  await say(bo, 'two')
  await expect
    .poll(() => bo.evaluate(() => (window as unknown as { told: unknown }).told))
    .toEqual([
      ['Ada', 'one', false],
      ['Bo', 'two', true],
    ])
  await expect(bo.getByRole('log', { name: 'Chat' })).toHaveAttribute('aria-live', 'polite')
})

test('a chat outside of any group says so, and one that is moved into a group works', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await ada.evaluate(() => document.body.append(document.querySelector('tutti-chat')!))
  await expect(part(ada, 'outside')).toHaveText('<tutti-chat> works inside of a <tutti-group>: put it there.')
  await expect(input(ada)).toBeDisabled()
  await say(bo, 'meanwhile')
  await ada.evaluate(() => document.querySelector('tutti-group')!.append(document.querySelector('tutti-chat')!))
  await expect(part(ada, 'outside')).toHaveCount(0)
  await expect(part(ada, 'line')).toContainText('meanwhile')
})

test('a chat that is moved within its group stays at its end', async ({ room }) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  for (let n = 1; n <= 30; n++) await say(ada, `line ${n}`)
  await expect(part(bo, 'line')).toHaveCount(30)
  await expect(part(bo, 'line').last()).toBeInViewport()
  await bo.evaluate(() => document.querySelector('tutti-group')!.prepend(document.querySelector('tutti-chat')!))
  await say(ada, 'line 31')
  await expect(part(bo, 'line')).toHaveCount(31)
  await expect(part(bo, 'line').last()).toBeInViewport()
  await expect(part(bo, 'unread')).toHaveCount(0)
})

test('looks right, wide and narrow, light and dark, from either side, and axe finds nothing', async ({
  room,
}, info) => {
  const [ada, bo] = await room.together('Ada', 'Bo')
  await say(ada, 'Shall we begin?')
  await expect(part(bo, 'line')).toHaveCount(1)
  await input(bo).press('ArrowUp')
  await say(bo, 'All together! And a line that is rather longer than most, so that it goes on in the next one.')
  await say(bo, 'מה שלומך?')
  await expect(part(ada, 'line')).toHaveCount(3)
  await input(ada).press('ArrowUp')
  const { x, y, width: wide } = (await bo.locator('tutti-cursors').boundingBox())!
  await bo.mouse.move(x + wide / 2, y + 80)
  await expect(ada.locator('tutti-cursors [part=name]')).toHaveText('Bo')
  await input(bo).pressSequentially('and')
  await expect(part(ada, 'typing')).toHaveText('Bo is typing …')
  await expectFit(ada, (name) => info.outputPath(name))
})

test('a line written while alone is there for who comes', async ({ room }) => {
  const [ada] = await room.together('Ada')
  await say(ada, 'hello?')
  const bo = await room.open('Bo')
  await expect.poll(() => size(bo)).toBe(2)
  await expect(part(bo, 'line')).toContainText('hello?')
})

function part(page: Page, name: string) {
  return page.locator(`tutti-chat [part=${name}]`)
}

function input(page: Page) {
  return page.locator('tutti-chat input')
}

async function say(page: Page, text: string): Promise<void> {
  await input(page).fill(text)
  await input(page).press('Enter')
}
