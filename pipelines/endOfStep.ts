// The end of a step in the journal: its own last word, or what the runner saw when it could not say one.
import {explain} from '../scripts/lib/errors/explain.ts'
import type {Entry} from '../scripts/lib/journal/entry.ts'
import {decisiveVerdict, entriesOf, stepEnds} from '../scripts/lib/journal/facts.ts'
import {openJournal} from '../scripts/lib/journal/journal.ts'

/** What the runner saw. */
export interface SeenEnd {
  code: number
  cancelled: boolean
  detail: string
  ms: number
}

/**
 * Why the step ended, in one line. Writes the end into the journal where the step has not; never throws. `read` gives all that is in
 * it by now.
 */
export function endOfStep(journal: string, step: string, end: SeenEnd, read: () => Entry[]): string {
  try {
    const entries = read()
    const told = stepEnds(entries).get(step)
    if (told?.state === 'finished') return told.detail?.split('\n')[0] ?? badChecks(entries, step, end.code)
    return recordEnd(journal, step, end)
  } catch (thrown) {
    // A full disk stops the journal too; the terminal is what is left, and the exit code tells the rest.
    return `${end.detail}; the journal could not be written: ${explain(thrown).split('\n')[0]}`
  }
}

// A step that judged something bad has said so check by check.
function badChecks(entries: readonly Entry[], step: string, code: number): string {
  const checks = entriesOf(entries, 'check').filter(check => check.by === step)
  const bad = checks.filter(check => !['pass', 'skip'].includes(decisiveVerdict(check)))
  return bad.length === 0 ? `ended with exit code ${code}` : `${bad.length} of ${checks.length} checks did not pass`
}

function recordEnd(journal: string, step: string, {code, cancelled, detail, ms}: SeenEnd): string {
  openJournal(journal, value => value, 'run').record({
    type: 'step',
    step,
    state: 'finished',
    verdict: 'error',
    exitCode: code,
    ...(cancelled ? {cancelled} : {}),
    ms,
    detail,
  })
  return detail
}
