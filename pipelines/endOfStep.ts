// The end of a step in the journal: its own last word, or what the runner saw when it could not say one.
import {explain} from '../scripts/lib/explain.ts'
import {stepEnds} from '../scripts/lib/journal/facts.ts'
import {openJournal} from '../scripts/lib/journal/journal.ts'
import {readJournal} from '../scripts/lib/journal/readJournal.ts'

/** What the runner saw. */
export interface SeenEnd {
  code: number
  cancelled: boolean
  detail: string
  ms: number
}

/** Why the step ended, in one line. Writes the end into the journal where the step has not; never throws. */
export function endOfStep(journal: string, step: string, end: SeenEnd): string {
  try {
    const told = stepEnds(readJournal(journal)).get(step)
    if (told?.state === 'finished') return told.detail?.split('\n')[0] ?? `ended with exit code ${end.code}`
    return recordEnd(journal, step, end)
  } catch (thrown) {
    // A full disk stops the journal too; the terminal is what is left, and the exit code tells the rest.
    return `${end.detail}; the journal could not be written: ${explain(thrown).split('\n')[0]}`
  }
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
