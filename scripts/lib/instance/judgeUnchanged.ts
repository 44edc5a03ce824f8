// Judges whether a rehearsal left live as it was, from two fingerprints and what live's own clients did in between.
import type {CheckEntry, FactEntry} from '../journal/entry.ts'
import {type Fingerprint, fingerprintDifferences} from './fingerprint.ts'

export interface Unchanged {
  check: CheckEntry
  /** What could not be told apart from the work of live's own clients. */
  unproved: FactEntry[]
}

/**
 * State that changed is the rehearsal's doing unless the server was called by live's own clients meanwhile (`called`):
 * then it is not known whose doing it is, which is told and not judged. Every other part must be the same.
 */
export function judgeUnchanged(before: Fingerprint, after: Fingerprint, called: readonly string[]): Unchanged {
  const all = fingerprintDifferences(before, after)
  const ownClients = all.filter(difference => called.some(server => difference.startsWith(`state ${server}:`)))
  const differences = all.filter(difference => !ownClients.includes(difference))
  const verdict = differences.length === 0 ? 'pass' : 'fail'
  const same = Object.keys(after).length - ownClients.length
  const check: CheckEntry = {
    type: 'check',
    phase: 'rehearsal',
    check: 'rehearsal/live-unchanged',
    verdict,
    detail:
      verdict === 'pass'
        ? `${same} parts of live have the same fingerprint as before`
        : `live is not as it was before: ${differences.join('; ')}`,
    value: differences.length,
    limit: 0,
    unit: 'differences',
    remedy: verdict === 'pass' ? undefined : 'find who changed live during the rehearsal; a rehearsal must not',
  }
  const unproved = ownClients.map(difference => ({
    type: 'fact' as const,
    name: 'unproved',
    value: {
      what: `that the rehearsal left the ${difference.split(':')[0]} alone`,
      why: 'its own clients called it meanwhile',
    },
  }))
  return {check, unproved}
}
