// The exit code of a whole run, the same whoever played its steps.
import {exitCode, exitCodeOf} from '../scripts/lib/errors/exitCode.ts'
import type {Entry} from '../scripts/lib/journal/entry.ts'
import {verdictOf} from '../scripts/lib/journal/facts.ts'

export interface PlayedRun {
  entries: () => readonly Entry[]
  /** Of the steps, in the order in which they ended. */
  codes: readonly number[]
  cancelled: boolean
}

/** The journal's verdict, unless a rollback failed or the run was cancelled. */
export function runExitCode({entries, codes, cancelled}: PlayedRun): number {
  if (codes.includes(exitCode.rollbackFailed)) return exitCode.rollbackFailed
  if (cancelled) return exitCode.cancelled
  const judged = exitCodeOf(verdictOf(entries()))
  // What a step could not write down, on a full disk, it told by its exit code.
  return judged === exitCode.good ? (codes.find(code => code !== exitCode.good) ?? judged) : judged
}
