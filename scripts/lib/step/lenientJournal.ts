// A journal for steps that only end things: they go on when it cannot be written, since what runs must not stay running.

import {harmless} from '../cli/printed.ts'
import {explain} from '../errors/explain.ts'
import type {Journal} from '../journal/journal.ts'

export interface LenientJournal extends Journal {
  /** Whether an entry could not be written. */
  lost: () => boolean
}

/** Says the first entry that could not be written, and goes on. */
export function lenientJournal({path, record}: Journal): LenientJournal {
  let lost = false
  return {
    path,
    lost: () => lost,
    record: entry => {
      try {
        record(entry)
      } catch (thrown) {
        if (!lost) console.error(harmless(`what is done from here on is not in the journal: ${explain(thrown)}`))
        lost = true
      }
    },
  }
}
