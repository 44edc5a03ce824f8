// The text of a notification about the end of a run: a headline and a few lines, without any output of a server.
import type {Contact} from '../fleet/schema.ts'
import type {FinalState} from '../journal/finalState.ts'
import type {Outcome} from '../journal/outcome.ts'
import {oneLine} from '../text/foreignText.ts'

export interface Alert extends FinalState {
  headline: string
  /** Lines of plain text, the headline left out. */
  lines: string[]
}

const signs: Readonly<Record<Outcome, string>> = {
  good: '✓',
  failed: '✗',
  unjudged: '?',
  'rollback-failed': '‼',
  cancelled: '–',
}

export interface AlertParts {
  state: FinalState
  /** Ids of checks that did not pass, with their server. */
  bad: readonly string[]
  contacts: readonly Contact[]
  logUrl: string | undefined
}

const badAtMost = 8

/** `bad` names checks only: what they saw is in the report, which is not sent to others. */
export function alertText({state, bad, contacts, logUrl}: AlertParts): Alert {
  const {outcome, fleet, environment, sentence, release, run} = state
  const more = bad.length > badAtMost ? [`and ${bad.length - badAtMost} more`] : []
  const shown = [...bad.slice(0, badAtMost), ...more]
  const called = outcome === 'rollback-failed' ? contacts : []
  return {
    ...state,
    headline: oneLine(`${signs[outcome]} ${environment} of ${fleet}: ${sentence}`),
    lines: [
      ...(release === undefined ? [] : [`release ${release.slice(0, 12)}`]),
      ...(shown.length === 0 ? [] : [`not passed: ${shown.join(', ')}`]),
      ...called.map(({name, role, reach}) => `call ${name} (${role}): ${reach}`),
      `run ${run}${logUrl === undefined ? '' : `, ${logUrl}`}`,
    ].map(oneLine),
  }
}
