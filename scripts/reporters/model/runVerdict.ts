// What a whole run is worth: stricter than its worst entry, because a run without evidence or without its end is no pass.
import {exitCode, exitCodeOf} from '../../lib/errors/exitCode.ts'
import {type Verdict, worst} from '../../lib/errors/verdict.ts'
import {decisiveVerdict} from '../../lib/journal/facts.ts'
import type {ReportCheck} from './reportChecks.ts'
import type {StepLine} from './stepLines.ts'

/** Worst of steps and checks. No judged check, or a planned step that never began, leaves it `inconclusive` at best. */
export function runVerdict(steps: readonly StepLine[], checks: readonly ReportCheck[]): Verdict {
  const judged = checks.map(decisiveVerdict).filter(verdict => verdict !== 'skip')
  const ended = steps.flatMap(step => step.verdict ?? [])
  const unfinished = judged.length === 0 || steps.some(step => step.state === 'never began')
  return worst([...ended, ...judged, ...(unfinished ? (['inconclusive'] as const) : [])])
}

/** The exit code that belongs to it: a failed rollback and a cancelled run have their own. */
export function runExitCode(verdict: Verdict, steps: readonly StepLine[]): number {
  if (steps.some(step => step.exitCode === exitCode.rollbackFailed)) return exitCode.rollbackFailed
  if (steps.some(step => step.cancelled)) return exitCode.cancelled
  return exitCodeOf(verdict)
}
