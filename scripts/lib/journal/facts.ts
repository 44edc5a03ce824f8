// Pure readers of a journal: what the entries say about a run.

import {type Verdict, worst} from '../errors/verdict.ts'
import type {Entry, EntryOf} from './entry.ts'
import {tellers} from './tellers.ts'

export function entriesOf<Type extends Entry['type']>(entries: readonly Entry[], type: Type): EntryOf<Type>[] {
  return entries.filter((entry): entry is EntryOf<Type> => entry.type === type)
}

/** The value of the newest fact of that name, or undefined. The caller names the shape that the writing step gave it. */
export function fact<Value>(entries: readonly Entry[], name: string): Value | undefined {
  return entriesOf(entries, 'fact').findLast(entry => entry.name === name)?.value as Value | undefined
}

/** What a check counts for: an accepted failure does not decide. */
export function decisiveVerdict(check: Pick<EntryOf<'check'>, 'verdict' | 'accepted'>): Verdict {
  return check.verdict === 'fail' && check.accepted ? 'skip' : check.verdict
}

/** The newest end of every step that began; a step without an end was killed and is an error. */
export function stepEnds(entries: readonly Entry[]): Map<string, EntryOf<'step'>> {
  const ends = new Map<string, EntryOf<'step'>>()
  for (const entry of entriesOf(entries, 'step')) ends.set(entry.step, entry)
  return ends
}

/**
 * The verdict of a whole run: the worst of its steps and checks, accepted failures left out. Without a check, or with a
 * planned step that never began, it is `inconclusive` at best. `during` names the step that asks: it has not ended, and what comes after it
 * has not begun.
 */
export function verdictOf(entries: readonly Entry[], during?: string): Verdict {
  const planned = entriesOf(entries, 'run')[0]?.steps ?? []
  const due = during === undefined || !planned.includes(during) ? planned : planned.slice(0, planned.indexOf(during))
  const ends = stepEnds(entries)
  const missing = due.some(step => !ends.has(step)) ? (['inconclusive'] as const) : []
  const steps = [...ends.values()]
    .filter(step => !tellers.includes(step.step))
    .filter(step => step.step !== during || step.state === 'finished')
    .map(step => (step.state === 'started' ? 'error' : (step.verdict ?? 'error')))
  return worst([...steps, ...missing, worst(entriesOf(entries, 'check').map(decisiveVerdict))])
}

/** The name of the fact which says that from here on live is changed. */
export const changeBegins = 'live.change-begins'
