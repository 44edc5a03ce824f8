// The checks of a run with what reports need beside the entry, and their sums by phase and by server.

import {type Verdict, worst} from '../../lib/errors/verdict.ts'
import type {Entry, EntryOf} from '../../lib/journal/entry.ts'
import {decisiveVerdict, entriesOf} from '../../lib/journal/facts.ts'
import {type Shown, shownOf} from './words.ts'

/** `bound` says on which side of its limit a value is good, where the run itself shows it; else it is empty. */
export type ReportCheck = EntryOf<'check'> & {shown: Shown; bound: '≤' | '≥' | ''}

/** How many checks were shown as what, and how many of those that passed were judged from what an earlier run saw. */
export type Tally = Record<Shown, number> & {all: number; carried: number}

export interface PhaseSummary {
  name: string
  verdict: Verdict
  checks: ReportCheck[]
  tally: Tally
  /** Servers with at least one check, in order of appearance. */
  servers: string[]
}

/** The name under which reports list what concerns the fleet as a whole. */
export const wholeFleet = 'whole fleet'

export function reportChecks(entries: readonly Entry[]): ReportCheck[] {
  const checks = entriesOf(entries, 'check')
  const bounds = new Map([...Map.groupBy(checks, check => check.check)].map(([id, same]) => [id, boundOf(same)]))
  return checks.map(check => ({...check, shown: shownOf(check), bound: bounds.get(check.check) ?? ''}))
}

// An entry does not say whether its limit is a ceiling or a floor; values that passed do, a failed one may have failed otherwise.
function boundOf(checks: readonly EntryOf<'check'>[]): ReportCheck['bound'] {
  const sides = checks.flatMap(({verdict, value, limit}) =>
    verdict === 'pass' && typeof value === 'number' && typeof limit === 'number' ? [Math.sign(value - limit)] : [],
  )
  if (sides.includes(-1)) return sides.includes(1) ? '' : '≤'
  return sides.includes(1) ? '≥' : ''
}

export function tallyOf(checks: readonly ReportCheck[]): Tally {
  const tally: Tally = {
    all: checks.length,
    pass: 0,
    fail: 0,
    inconclusive: 0,
    error: 0,
    skip: 0,
    accepted: 0,
    carried: 0,
  }
  for (const check of checks) {
    tally[check.shown] += 1
    if (check.carried !== undefined && check.shown === 'pass') tally.carried += 1
  }
  return tally
}

/** Phases in the order in which they ran. */
export function phaseSummaries(checks: readonly ReportCheck[]): PhaseSummary[] {
  return [...Map.groupBy(checks, check => check.phase)].map(([name, own]) => ({
    name,
    verdict: worst(own.map(decisiveVerdict)),
    checks: own,
    tally: tallyOf(own),
    servers: [...new Set(own.flatMap(check => check.server ?? []))],
  }))
}

/** What one cell of the servers × phases table shows: the worst of its checks; undefined where nothing was checked. */
export function cellShown(checks: readonly ReportCheck[]): Shown | undefined {
  const order: Shown[] = ['fail', 'error', 'inconclusive', 'accepted', 'pass', 'skip']
  return order.find(shown => checks.some(check => check.shown === shown))
}
