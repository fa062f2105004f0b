import { configureGlobal } from 'fast-check'

/** Random tests are the same at every run; FC_SEED looks further. */
configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) })
