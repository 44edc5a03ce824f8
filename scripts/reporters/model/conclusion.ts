// READY or NOT READY, and why, in whole sentences.
import type {Verdict} from '../../lib/errors/verdict.ts'
import type {Issue} from './issues.ts'
import type {Tally} from './reportChecks.ts'
import type {StepLine} from './stepLines.ts'
import {count, listed} from './words.ts'

export interface Conclusion {
  ready: boolean
  word: 'READY' | 'NOT READY'
  /** One sentence each; at least one. */
  reasons: string[]
}

/** READY only for a pass; everything else names what stands in the way. */
export function conclusionOf(
  verdict: Verdict,
  tally: Tally,
  steps: readonly StepLine[],
  issues: readonly Issue[],
): Conclusion {
  if (verdict === 'pass') {
    const accepted =
      tally.accepted === 0 ? '' : `; ${count(tally.accepted, 'failure')} known and accepted, listed with an end date`
    return {
      ready: true,
      word: 'READY',
      reasons: [`Every check that decides passed (${tally.pass} of ${tally.all})${accepted}.`, ...carriedOver(tally)],
    }
  }
  return {ready: false, word: 'NOT READY', reasons: [...checkReasons(tally), ...stepReasons(steps, issues)]}
}

function carriedOver({carried}: Tally): string[] {
  if (carried === 0) return []
  const rest = carried === 1 ? 'rests' : 'rest'
  return [`${carried} of them ${rest} on what earlier runs saw, since nothing that they depend on has changed.`]
}

function checkReasons(tally: Tally): string[] {
  const judged = tally.all - tally.skip - tally.accepted
  return [
    ...(tally.fail > 0 ? [`${count(tally.fail, 'check')} failed.`] : []),
    ...(tally.error > 0 ? [`${count(tally.error, 'check')} could not be judged, for the reason that each names.`] : []),
    ...(tally.inconclusive > 0 ? [`${count(tally.inconclusive, 'check')} had too little evidence.`] : []),
    ...(judged === 0 ? ['Nothing was checked, and no evidence is never a pass.'] : []),
  ]
}

function stepReasons(steps: readonly StepLine[], issues: readonly Issue[]): string[] {
  const named = (test: (step: StepLine) => boolean) => steps.filter(test).map(step => step.name)
  const killed = named(step => step.state === 'killed')
  const cancelled = named(step => step.cancelled)
  const absent = named(step => step.state === 'never began')
  const bad = named(step => step.state === 'finished' && !step.cancelled && issues.some(issue => issue.step === step))
  return [
    ...(killed.length > 0 ? [`Killed before its end: ${listed(killed)}.`] : []),
    ...(cancelled.length > 0 ? [`Cancelled: ${listed(cancelled)}.`] : []),
    ...(bad.length > 0 ? [`Did not end well: ${listed(bad)}.`] : []),
    ...(absent.length > 0 ? [`Never began: ${listed(absent)}.`] : []),
  ]
}
