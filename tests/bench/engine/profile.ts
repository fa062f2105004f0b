/** Where time was spent, in functions' own code. */
export interface Hot {
  readonly name: string
  /** Of all samples. */
  readonly share: number
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** The functions with most time of their own in a profile of V8's, the hottest first. */
export function hottest(profile: string): Hot[] {
  const { nodes, samples, timeDeltas } = JSON.parse(profile) as CpuProfile
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}`.trimEnd(),
    ]),
  )
  const timeByName = new Map<string, number>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const time = timeDeltas[index]!
    const name = names.get(id)!
    timeByName.set(name, (timeByName.get(name) ?? 0) + time)
    total += time
  }
  return [...timeByName].map(([name, time]) => ({ name, share: time / total })).sort((a, b) => b.share - a.share)
}
