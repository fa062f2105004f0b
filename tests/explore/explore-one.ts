import { explore } from './explore.ts'
import type { Word } from './main.ts'
import { SCENARIOS } from './scenario.ts'

/** Explores the scenario named, for the process that started this one. */
const scenario = SCENARIOS.find(({ name }) => name === process.argv[2])
if (scenario === undefined || process.send === undefined) throw new Error('to be started by main.ts, with a scenario')
const tell = (word: Word) => process.send!(word)

const startedAt = performance.now()
const report = explore(scenario, { onProgress: (states, done) => tell({ type: 'progress', states, done }) })
const seconds = (performance.now() - startedAt) / 1_000
tell({ type: 'report', report, seconds, residentBytes: process.resourceUsage().maxRSS * 1_024 })
