import type { Row } from '../row.ts'
import type { Stage } from '../support/stage.ts'
import type { Tab } from '../support/tab.ts'
import { strangers } from './sleeping.ts'

// Links that break while everybody lives.

export const linkRows: readonly Row[] = [
  {
    name: 'link-cut',
    title: 'four members of whom two lost their link for good all stay, and messages take 2 s at most [FD2, VW7, DL5]',
    cutsLinks: true,
    limitMs: 120_000,
    async play(stage) {
      const tabs = await stage.group(4)
      const cut = Date.now()
      stage.cut(tabs[0]!, tabs[2]!)
      await stage.pass(45_000)
      const until = Date.now()
      await stage.goesOn(tabs, 120, 10_000)
      stage.measure('the longest way of a message', stage.longestWay(tabs, cut, until), 2_000)
      const direct = await directLinks(tabs[0]!, tabs[2]!)
      return [...direct, ...strangers(tabs, tabs), ...(await stage.verdict(tabs))]
    },
  },
  {
    name: 'one-way-cut',
    title: 'a link that carries one way only leaves out nobody, or makes one view and no other in 60 s [FD2, VW7, VW4]',
    cutsLinks: true,
    limitMs: 150_000,
    async play(stage) {
      const tabs = await stage.group(4)
      const cut = Date.now()
      stage.cutOneWay(tabs[0]!, tabs[2]!)
      await stage.pass(60_000)
      const until = Date.now()
      const later = tabs.flatMap(({ installs }) => installs.filter(({ t }) => t > cut))
      const views = new Set(later.map((view) => `${view.lineage}/${view.number}`))
      await stage.goesOn(
        tabs.filter(({ status }) => status === 'member'),
        60,
        10_000,
      )
      stage.measure('changes of the view', views.size, 1, 'views')
      if (views.size === 0) stage.measure('the longest way of a message', stage.longestWay(tabs, cut, until), 2_000)
      stage.heal()
      await stage.together(tabs, 30_000)
      return stage.verdict(tabs)
    },
  },
  {
    name: 'partition',
    title:
      'of five members cut 3 : 2 for 30 s under load three go on and two are blocked; healed, all are together within 10 s [PT1, PT2, FD4, RC1]',
    cutsLinks: true,
    limitMs: 150_000,
    async play(stage) {
      const tabs = await stage.group(5)
      const [few, many] = sides(tabs)
      const cut = Date.now()
      stage.partition(few, many)
      stage.measure('three in a view of their own', (await stage.together(many, 30_000)) - cut, 25_000)
      await stage.until('two blocked', 30_000, () => few.every(({ status }) => status === 'blocked'))
      await stage.pass(cut + 30_000 - Date.now())
      await stage.goesOn(many, 60, 10_000)
      const strays = few.filter(({ status }) => status !== 'blocked').map(({ name }) => `${name} is not blocked`)
      await healAndMeet(stage, tabs)
      return [...strays, ...oneLineage(stage), ...(await stage.verdict(tabs))]
    },
  },
  {
    name: 'partition-forked',
    title:
      'of five members cut 3 : 2 for 30 s both sides go on when told to fork; healed, everyone has every multicast of both exactly once [PT3, PT4]',
    cutsLinks: true,
    limitMs: 150_000,
    async play(stage) {
      const tabs = await stage.group(5, { fork: true })
      const [few, many] = sides(tabs)
      const cut = Date.now()
      stage.partition(few, many)
      stage.measure('three in a view of their own', (await stage.together(many, 30_000)) - cut, 25_000)
      stage.measure('two in a fork', (await stage.together(few, 30_000)) - cut, 25_000)
      await stage.pass(cut + 30_000 - Date.now())
      await Promise.all([many, few].map((side) => stage.goesOn(side, 60, 10_000)))
      const forked = few.filter(({ view }) => view!.primary).map(({ name }) => `${name} takes its fork for primary`)
      await healAndMeet(stage, tabs)
      const faults = await stage.verdict(tabs)
      return [...forked, ...faults, ...unreplayed(stage, tabs)]
    },
  },
]

/** At the end: a merge that replays leaves no multicast out but those asked for while there was no group to send them to. */
function unreplayed({ trace }: Stage, tabs: readonly Tab[]): string[] {
  const replays = trace.filter((event) => event.event === 'multicast' && event.replayOf !== undefined)
  const lost = tabs.flatMap(({ casts, statuses }) =>
    [...casts].flatMap(([label, { at, outcome }]) => {
      const status = statuses.findLast((change) => change.at <= at)?.status
      return outcome === 'stable' || status === 'rejoining'
        ? []
        : `${label}, sent as ${status}, ended with '${outcome}'`
    }),
  )
  return replays.length > 0 ? lost : ['nothing was replayed', ...lost]
}

/** Two and three of five; the eldest, which orders the ABCASTs, is with the fewer. */
function sides(tabs: readonly Tab[]): [few: Tab[], many: Tab[]] {
  const few = [tabs[0]!, tabs[3]!]
  return [few, tabs.filter((tab) => !few.includes(tab))]
}

async function healAndMeet(stage: Stage, tabs: readonly Tab[]): Promise<void> {
  const healed = Date.now()
  stage.heal()
  stage.measure('all in one view again', (await stage.together(tabs, 40_000)) - healed, 10_000)
  await stage.goesOn(tabs, 60, 10_000)
}

export function oneLineage(stage: Stage, room?: string): string[] {
  const count = stage.lineages(room)
  return count === 1 ? [] : [`${count} lineages of ${room ?? 'the group'}`]
}

async function directLinks(one: Tab, other: Tab): Promise<string[]> {
  const { links } = await one.report()
  const link = links.find(({ peer }) => other.member.startsWith(`${peer}.`))
  return link?.state === 'direct' ? [`${one.name} takes its link to ${other.name} for a direct one`] : []
}
