// The entries of the fleet file that would accept what failed, complete and ready to paste.
import {clipped, oneLine} from '../../lib/text/foreignText.ts'
import type {ReportCheck} from './reportChecks.ts'

/** How long an acceptance that is suggested lasts; then somebody decides again. */
const acceptedDays = 90
const detailAtMost = 90

export interface AcceptBlock {
  /** YAML: the key `accept:` and one entry for each check. */
  yaml: string
  checks: ReportCheck[]
  /** The last day, such as 2027-02-27. */
  until: string
}

/** Undefined where nothing failed that an `accept:` entry may cover. `endedAt` is the ISO 8601 time from which the days count. */
export function acceptBlock(checks: readonly ReportCheck[], endedAt: string | undefined): AcceptBlock | undefined {
  const failed = checks.filter(({shown, acceptable}) => shown === 'fail' && acceptable === true)
  const from = Date.parse(endedAt ?? '')
  if (failed.length === 0 || Number.isNaN(from)) return undefined
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  const until = day(from + acceptedDays * 86_400_000)
  // One acceptance covers every check of that name on that server.
  const once = [...Map.groupBy(failed, ({check, server}) => `${check} ${server}`).values()].flatMap(same =>
    same.slice(0, 1),
  )
  const entries = once.flatMap(({check, server, detail}) => [
    `  - check: ${scalar(check)}`,
    ...(server === undefined ? [] : [`    server: ${scalar(server)}`]),
    `    reason: ${scalar(`known since ${day(from)}: ${clipped(oneLine(detail), detailAtMost)}`)}`,
    `    until: ${until}`,
  ])
  return {yaml: ['accept:', ...entries].join('\n'), checks: once, until}
}

// A text of JSON is one of YAML, and can hold nothing that is more than text.
function scalar(text: string): string {
  return /^[a-z][\w./-]*$/i.test(text) ? text : JSON.stringify(oneLine(text))
}
