// What to do next, in order, derived from what the run found.
import type {Conclusion} from './conclusion.ts'
import type {Issue} from './issues.ts'
import type {NotProved} from './notProved.ts'
import type {ReportCheck} from './reportChecks.ts'
import {count, listed} from './words.ts'

/** One sentence each: resolve what blocks, fix what is accepted before its end, prove what is not proved, then go on. */
export function recommendationsOf(
  conclusion: Conclusion,
  issues: readonly Issue[],
  accepted: readonly ReportCheck[],
  unproved: readonly NotProved[],
): string[] {
  const blocking = Map.groupBy(
    issues.filter(issue => issue.severity !== 'Low'),
    issue => issue.resolution,
  )
  const ends = accepted.flatMap(check => check.accepted?.until ?? []).toSorted()
  return [
    ...[...blocking].map(([resolution, own]) => `${listed(own.map(issue => issue.place))}: ${resolution}.`),
    ...(ends[0] ? [`Mend ${count(ends.length, 'accepted finding')}; the first acceptance ends on ${ends[0]}.`] : []),
    ...(unproved.length > 0
      ? [`Read what was not proved (${count(unproved.length, 'point')}) before relying on it.`]
      : []),
    conclusion.ready
      ? 'Deploy exactly this release, watch it for 24 hours, and keep the rollback at hand.'
      : 'Do not deploy this release; run again when the above is resolved.',
  ]
}
