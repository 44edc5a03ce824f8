// Tells somebody outside something, best effort and at most once: the intent is journaled before, the result after it.
import type {Entry, EntryBody} from '../journal/entry.ts'
import {entriesOf} from '../journal/facts.ts'

/** Value of the fact `told`. Begun and nothing after it: it is in doubt whether it was heard. */
export interface Told {
  /** GitHub, or a destination of the fleet file. */
  whom: string
  what: string
  state: 'begun' | 'done' | 'refused' | 'in doubt'
  /** What came of it: the id of a deployment, the address of an issue. */
  result?: unknown
  why?: string
}

/** Thrown by what tells: the message is for people, and holds neither address nor token. */
export class NotHeard extends Error {
  /** Whether it may have been heard all the same, as when an answer never came. */
  readonly inDoubt: boolean

  constructor(message: string, inDoubt: boolean) {
    super(message)
    this.name = 'NotHeard'
    this.inDoubt = inDoubt
  }
}

export interface Teller {
  record: (...entries: EntryBody[]) => void
  entries: () => readonly Entry[]
  say: (line: string) => void
}

/** The newest word on it in this run. */
export function lastTold(entries: readonly Entry[], whom: string, what: string): Told | undefined {
  const all = entriesOf(entries, 'fact').flatMap(({name, value}) => (name === 'told' ? [value as Told] : []))
  return all.findLast(told => told.whom === whom && told.what === what)
}

/** Does it, journals it, and never throws; what was refused is reported as not proved. Gives back what came of it. */
export async function tell<Result>(
  {record, say}: Teller,
  whom: string,
  what: string,
  act: () => Promise<Result>,
): Promise<Result | undefined> {
  const note = (told: Omit<Told, 'whom' | 'what'>) =>
    record({type: 'fact', name: 'told', value: {whom, what, ...told} satisfies Told})
  try {
    note({state: 'begun'})
    const result = await act()
    note({state: 'done', result})
    say(`  ${whom} was told: ${what}`)
    return result
  } catch (thrown) {
    const why = thrown instanceof NotHeard ? thrown.message : `a fault of ours: ${String(thrown)}`
    const state = thrown instanceof NotHeard && thrown.inDoubt ? 'in doubt' : 'refused'
    note({state, why})
    reportUntold({record, say}, whom, what, why)
    return undefined
  }
}

/** The same, but not again what was done, or may have been. Gives back what came of it the first time. */
export async function tellOnce<Result>(
  teller: Teller,
  whom: string,
  what: string,
  act: () => Promise<Result>,
): Promise<Result | undefined> {
  const told = lastTold(teller.entries(), whom, what)
  if (told === undefined || told.state === 'refused') return tell(teller, whom, what, act)
  if (told.state === 'done') teller.say(`  ${whom} was told before: ${what}`)
  else reportUntold(teller, whom, what, 'it was begun before and has no answer; it is not sent twice')
  return told.result as Result | undefined
}

export function reportUntold(
  {record, say}: Pick<Teller, 'record' | 'say'>,
  whom: string,
  what: string,
  why: string,
): void {
  say(`  ${whom} was not notified: ${what}: ${why}`)
  record({type: 'fact', name: 'unproved', value: {what: `that ${whom} was told: ${what}`, why}})
}
