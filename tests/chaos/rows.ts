import type { Row } from './row.ts'
import { leavingRows } from './rows/leaving.ts'

export const rows: readonly Row[] = [...leavingRows]
