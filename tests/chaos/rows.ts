import type { Row } from './row.ts'
import { gatheringRows } from './rows/gathering.ts'
import { leavingRows } from './rows/leaving.ts'
import { linkRows } from './rows/links.ts'
import { sleepingRows } from './rows/sleeping.ts'

export const rows: readonly Row[] = [...leavingRows, ...sleepingRows, ...linkRows, ...gatheringRows]
