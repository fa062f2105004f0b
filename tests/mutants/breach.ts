/** A rule that a scenario itself saw broken. */
export class Breach extends Error {
  readonly rule: string

  constructor(rule: string, message: string) {
    super(message)
    this.rule = rule
  }
}

/** Throws a breach of the rule unless the condition holds. */
export function holds(rule: string, what: string, condition: boolean): void {
  if (!condition) throw new Breach(rule, `it does not hold that ${what}`)
}
