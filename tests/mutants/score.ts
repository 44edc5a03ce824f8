// Judges what the checks said of a mutant: which claims hold, and which checks raised an alarm beside the unchanged server.
import type {CheckEntry} from '../../scripts/lib/journal/entry.ts'
import type {Claim, Fault, Harmless} from './mutant.ts'

/** One run of one mutant. */
export interface Repetition {
  checks: readonly CheckEntry[]
  ms: Readonly<Record<string, number>>
}

export interface Scored {
  mutant: Fault | Harmless
  /** Checks that were worse than those of the unchanged server, with the number of repetitions in which they were. */
  alarms: Map<string, number>
  /** Claims that did not hold, with the number of repetitions in which they did not. */
  missed: Map<string, number>
  /** The sentence of each alarm, and of each check that said something else than it claims. */
  said: Map<string, string>
  repetitions: number
  ms: Readonly<Record<string, number>>[]
  /** Why it could not be run at all. */
  fault?: string
}

const alarming = new Set(['fail', 'inconclusive', 'error'])

/** Checks that are worse than those of the unchanged server. */
export function alarmsOf(checks: readonly CheckEntry[], unchanged: readonly CheckEntry[]): CheckEntry[] {
  const known = new Set(unchanged.map(({check, verdict}) => `${check} ${verdict}`))
  return checks.filter(({check, verdict}) => alarming.has(verdict) && !known.has(`${check} ${verdict}`))
}

/** Whether the check says what it claims to, and does not say it of the unchanged server. */
export function holds(
  {check, as = 'fail'}: Claim,
  checks: readonly CheckEntry[],
  unchanged: readonly CheckEntry[],
): boolean {
  const says = (one: CheckEntry) => one.check === check && (as === 'shown' ? isShown(one) : one.verdict === as)
  return checks.some(says) && !unchanged.some(says)
}

/** It decides nothing, and tells something: a finding, or a number above 0. */
function isShown({verdict, value, findings = []}: CheckEntry): boolean {
  return verdict === 'pass' && (findings.length > 0 || (typeof value === 'number' && value > 0))
}

export function claimText({check, as = 'fail'}: Claim): string {
  return as === 'fail' ? check : `${check} (${as})`
}

export function score(
  mutant: Fault | Harmless,
  runs: readonly Repetition[],
  unchanged: readonly CheckEntry[],
  fault?: string,
): Scored {
  const scored: Scored = {
    mutant,
    alarms: new Map(),
    missed: new Map(),
    said: new Map(),
    repetitions: runs.length,
    ms: runs.map(({ms}) => ms),
    fault,
  }
  const claims = mutant.kind === 'fault' && !('nobody' in mutant.seenBy) ? mutant.seenBy : []
  for (const {checks} of runs) {
    const alarms = alarmsOf(checks, unchanged)
    for (const check of new Set(alarms.map(one => one.check))) count(scored.alarms, check)
    for (const {check, verdict, detail} of alarms)
      if (!scored.said.has(check)) scored.said.set(check, `${verdict}: ${detail}`)
    for (const claim of claims.filter(one => !holds(one, checks, unchanged))) {
      count(scored.missed, claimText(claim))
      // What it said instead is the reason, such as a skip.
      const instead = checks.find(({check}) => check === claim.check)
      scored.said.set(claimText(claim), instead ? `${instead.verdict}: ${instead.detail}` : 'the check was not made')
    }
  }
  return scored
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Every claim of every repetition held, or no check raised an alarm over what harms nobody. */
export function isGood({mutant, alarms, missed, fault}: Scored): boolean {
  if (fault !== undefined) return false
  return mutant.kind === 'harmless' ? alarms.size === 0 : missed.size === 0
}
