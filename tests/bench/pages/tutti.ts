import { measureTutti } from './tutti-medium.ts'

measureTutti()
