// Judges whether a rehearsal left live as it was, from two fingerprints and what live's own clients did in between.
import type {CheckEntry, FactEntry} from '../journal/entry.ts'
import {type Fingerprint, fingerprintDifferences} from './fingerprint.ts'

export interface Unchanged {
  check: CheckEntry
  /** What could not be told apart from the work of live's own clients. */
  unproved: FactEntry[]
}

/**
 * State that changed is the rehearsal's doing unless the server was called by live's own clients meanwhile (`called`), or
 * writes by itself (`alone`): then it is not known whose doing it is, which is reported and not judged. Every other part must
 * be the same.
 */
export function judgeUnchanged(
  before: Fingerprint,
  after: Fingerprint,
  called: readonly string[],
  alone: readonly string[] = [],
): Unchanged {
  const all = fingerprintDifferences(before, after)
  const ofOne = (servers: readonly string[]) =>
    all.filter(difference => servers.some(server => difference.startsWith(`state ${server}:`)))
  const ownClients = ofOne(called)
  const byItself = ofOne(alone).filter(difference => !ownClients.includes(difference))
  const differences = all.filter(difference => !ownClients.includes(difference) && !byItself.includes(difference))
  const verdict = differences.length === 0 ? 'pass' : 'fail'
  const same = Object.keys(after).length - ownClients.length - byItself.length
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
  const unproved = [
    ...ownClients.map(difference => unprovedOf(difference, 'its own clients called it meanwhile')),
    ...byItself.map(difference =>
      unprovedOf(difference, 'it changes without a call: also after the rehearsal was over'),
    ),
  ]
  return {check, unproved}
}

/** Servers whose state is another one than before, although nobody called them. */
export function changedUncalled(before: Fingerprint, after: Fingerprint, called: readonly string[]): string[] {
  const states = fingerprintDifferences(before, after).flatMap(line => /^state ([^:]+):/.exec(line)?.[1] ?? [])
  return states.filter(server => !called.includes(server))
}

function unprovedOf(difference: string, why: string): FactEntry {
  return {
    type: 'fact',
    name: 'unproved',
    value: {what: `that the rehearsal left the ${difference.split(':')[0]} alone`, why},
  }
}
