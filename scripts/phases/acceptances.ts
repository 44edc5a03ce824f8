// An acceptance that covers no failure any more is a fault: the list of what is accepted must stay true.
import type {Acceptance} from '../lib/fleet/schema.ts'
import type {CheckEntry} from '../lib/journal/entry.ts'

/**
 * One failed check for every `accept:` entry of a phase that ran, when nothing that it names failed. Where the phase could
 * not judge, nothing is known of what is accepted, and the error or the thin evidence itself is told already. The same holds
 * where it did not judge: an accepted change of a contract is compared in one environment, and in another there is nothing
 * to compare it with.
 */
export function judgeAcceptances(
  checks: readonly CheckEntry[],
  accept: readonly Acceptance[],
  phases: readonly string[],
): CheckEntry[] {
  const judged = accept.filter(({check}) => phases.includes(check.split('/')[0] ?? ''))
  return judged.flatMap(({check, server}) => {
    const about = checks.filter(entry => entry.check === check && (server === undefined || entry.server === server))
    // What passes with a finding is still so: the entry of an earlier version, where that failed, is no fault.
    if (about.some(entry => entry.verdict === 'fail' || (entry.findings ?? []).length > 0)) return []
    const phase = check.split('/')[0]
    // A phase that was left out as a whole names no server.
    const near = checks.filter(
      entry => entry.phase === phase && (server === undefined || entry.server === undefined || entry.server === server),
    )
    if (isSkipped(about) || (about.length === 0 && isSkipped(near))) return []
    if (near.some(entry => entry.verdict === 'error' || entry.verdict === 'inconclusive')) return []
    const seen = about.length === 0 ? 'no such check was made' : `it is ${about.map(entry => entry.verdict).join(', ')}`
    return [
      {
        type: 'check',
        phase: 'accept',
        check: 'accept/matches',
        server,
        verdict: 'fail',
        detail: `${check} is accepted in the fleet file, but did not fail: ${seen}`,
        remedy: 'delete the entry below accept:',
      },
    ]
  })
}

function isSkipped(checks: readonly CheckEntry[]): boolean {
  return checks.length > 0 && checks.every(entry => entry.verdict === 'skip')
}
