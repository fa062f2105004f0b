import { describe, expect, it } from 'vitest'
import type { Severity } from '../../peer/simulator/faults.ts'
import { runSeed } from './run-seed.ts'

/** Seeds that failed once, and what was wrong, all before there were silences. A seed stays here when the scenario behind it has changed. */
const NAMED: readonly {
  readonly seed: number
  readonly faults: Severity
  readonly title: string
  readonly plain?: boolean
}[] = [
  {
    seed: 1,
    faults: 'default',
    title: 'one that loaded its state while a view change ran does not begin to load again [ST1]',
  },
  { seed: 16, faults: 'default', title: 'a coordinator that votes for a closed page as well decides once [VW2]' },
  {
    seed: 47,
    faults: 'default',
    title: 'a past that an fbcast has enlarged does not shrink at a later delivery [OR6]',
  },
  { seed: 103, faults: 'default', title: 'a receipt is told once that it is stable [RC1]' },
  { seed: 1352, faults: 'default', title: 'newcomers tell one whose old view has nobody left in it [FD4]' },
  { seed: 2085, faults: 'default', title: 'a joiner asks again when the word of a failed save was lost [ST3]' },
  { seed: 213, faults: 'default', title: 'a goodbye that reached only some is passed on [PT2]' },
  { seed: 1250, faults: 'hard', title: 'a group that only a closed page could complete says that it is blocked [PT2]' },
  { seed: 1666, faults: 'hard', title: 'a closed page that had promised more is outbid, not waited for [VW8]' },
  { seed: 2930, faults: 'hard', title: 'a leaver whose decision was lost ends as left, not as left out [VW7]' },
  {
    seed: 19521,
    faults: 'default',
    title: 'the dead are not kept alive by hearsay [FD2] [FD3]',
    plain: false,
  },
  { seed: 144, faults: 'default', title: 'a state does not flood a slow link [ST4]', plain: false },
  { seed: 327, faults: 'default', title: "a clock that jumps does not end another's save [FD1]", plain: false },
  {
    seed: 1108,
    faults: 'hard',
    title: 'one let go to keep the balance says so, though it has loaded since [VW9]',
    plain: false,
  },
  {
    seed: 814,
    faults: 'hard',
    title: 'newcomers tell two whose old view has nobody else left in it [FD4]',
    plain: false,
  },
  {
    seed: 2673,
    faults: 'hard',
    title: 'one gives up a view that is over, as the witness says, and of which nobody is left [FD4] [PT5]',
    plain: false,
  },
  {
    seed: 731,
    faults: 'hard',
    title: 'one that gives a view up, and was let into the next, is not called left out [FD4]',
    plain: false,
  },
  {
    seed: 60,
    faults: 'hard',
    title: 'a founder does not send again what is in the state that it keeps [PT4]',
    plain: false,
  },
  {
    seed: 953,
    faults: 'hard',
    title: 'nor does one whose group has no state [PT4]',
    plain: false,
  },
  {
    seed: 3272,
    faults: 'hard',
    title: 'what is taken back while its lineage ends is not sent in the next [RC1]',
    plain: false,
  },
  {
    seed: 3126,
    faults: 'hard',
    title: 'what waits for a narrow link is given the time that it takes [ST4]',
    plain: false,
  },
  { seed: 4736, faults: 'hard', title: 'and so is a state [ST4]', plain: false },
  { seed: 505, faults: 'hard', title: 'one that has nothing to do for a second is not asleep [FL2]', plain: false },
  { seed: 1, faults: 'default', title: 'an end names no merge but its own [PT4]', plain: false },
  { seed: 2257, faults: 'hard', title: 'a run is not over while something is sent again [PT4]', plain: false },
  {
    seed: 2832,
    faults: 'hard',
    title: 'a repetition is not sent again into a lineage that has what it repeats, after a merge into a third [PT4]',
    plain: false,
  },
  {
    seed: 2217,
    faults: 'hard',
    title: 'nor into a fork of the lineage that it was first sent again in [PT4]',
    plain: false,
  },
  {
    seed: 4372,
    faults: 'hard',
    title: 'bulk that is due fits into the frames of a link where these are small [FL3]',
    plain: false,
  },
  {
    seed: 1716,
    faults: 'hard',
    title: 'one that is wedged blames nobody for its window [FL2]',
    plain: false,
  },
  {
    seed: 2140,
    faults: 'hard',
    title: 'one that sends and takes nothing is given up [FL2]',
    plain: false,
  },
  {
    seed: 3556,
    faults: 'hard',
    title: 'what was said before a fork comes late, and is no goodbye [VW7]',
    plain: false,
  },
  {
    seed: 4634,
    faults: 'hard',
    title: 'one that was asked into two forks is waited for in neither [PT3]',
    plain: false,
  },
  {
    seed: 21541,
    faults: 'hard',
    title: 'two groups that let each other’s members in are one in the end [PT4]',
    plain: false,
  },
  {
    seed: 23764,
    faults: 'hard',
    title: 'a request of an attempt that was given up does not outlive it [VW3]',
    plain: false,
  },
  {
    seed: 24633,
    faults: 'hard',
    title: 'a round that is repeated for ever holds up no fork [PT3]',
    plain: false,
  },
  {
    seed: 47945,
    faults: 'hard',
    title: 'a stall that is spared in the same moment is told to nobody [FL2]',
    plain: false,
  },
  {
    seed: 48265,
    faults: 'hard',
    title: 'a run is not over while somebody is leaving [VW7]',
    plain: false,
  },
  {
    seed: 68407,
    faults: 'hard',
    title: 'one that committed itself too late is not told that it was left out [FD4]',
    plain: false,
  },
  {
    seed: 63029,
    faults: 'hard',
    title: 'one that gets its state late was blocked in views that it is told of afterwards [PT3]',
    plain: false,
  },
  {
    seed: 70297,
    faults: 'hard',
    title: 'one that begins to ask about a silence has not slept [FD1]',
    plain: false,
  },
  {
    seed: 30105,
    faults: 'hard',
    title: 'patience lasts for what narrow links take [FL2] [ST4]',
    plain: false,
  },
]

describe('seeds that failed once', () => {
  it.each(NAMED)('$title: seed $seed', ({ seed, faults, plain = true }) => {
    expect(runSeed(seed, faults, { plain }).broken).toEqual([])
  })
})
