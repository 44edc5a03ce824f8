// What the phases of a command that was typed by hand came to: its last line, and the reason where they came to nothing.

import {type Verdict, verdicts, worst} from '../lib/errors/verdict.ts'
import type {CheckEntry} from '../lib/journal/entry.ts'
import {decisiveVerdict} from '../lib/journal/facts.ts'
import {verdictMarks} from '../lib/journal/lineOf.ts'

/** Such as `✗ fail: 30 passed, 1 failed, 2 skipped`; no report follows that would say it. */
export function resultLine(checks: readonly CheckEntry[]): string {
  const decisive = checks.map(decisiveVerdict)
  const verdict = worst(decisive)
  const counts = verdicts.flatMap(one => {
    const count = decisive.filter(other => other === one).length
    return count === 0 ? [] : `${count} ${named[one]}`
  })
  return `${verdictMarks[verdict]} ${verdict}: ${counts.join(', ') || 'no check was made'}`
}

const named: Record<Verdict, string> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
  error: 'could not be made',
  skip: 'skipped or accepted',
}

/** The check that says why nothing was judged; undefined where something was. No evidence is never a pass. */
export function judgeNothing(checks: readonly CheckEntry[]): CheckEntry | undefined {
  const [first] = checks
  if (first === undefined || !checks.every(check => decisiveVerdict(check) === 'skip')) return undefined
  return {
    type: 'check',
    phase: first.phase,
    check: `${first.phase}/evidence`,
    verdict: 'inconclusive',
    detail: 'nothing was judged: every check was skipped, for the reason that it names',
    remedy: 'name other servers or phases; what is for a rehearsal only: pnpm deploy:staging',
  }
}
