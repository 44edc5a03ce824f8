// The exit codes of steps and pipelines, the same for both.
import type {Verdict} from './verdict.ts'

export const exitCode = {good: 0, bad: 1, unjudged: 2, rollbackFailed: 3, cancelled: 130} as const

/** 0 good, 1 judged bad, 2 could not be judged (or misconfigured). */
export function exitCodeOf(verdict: Verdict): number {
  if (verdict === 'pass' || verdict === 'skip') return exitCode.good
  return verdict === 'fail' ? exitCode.bad : exitCode.unjudged
}
