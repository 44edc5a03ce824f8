// The phases of a run as GitHub's check runs, with problems at the server's line of the fleet file.

import type {Verdict} from '../../lib/errors/verdict.ts'
import type {Annotation, CheckRun} from '../../lib/github/github.ts'
import type {Entry} from '../../lib/journal/entry.ts'
import {clipped, visible} from '../../lib/text/foreignText.ts'
import {code, inline, table} from '../markdown/markdownText.ts'
import {checkPlace} from '../model/issues.ts'
import type {PhaseSummary, ReportCheck} from '../model/reportChecks.ts'
import {reportModel} from '../model/reportModel.ts'
import {count} from '../model/words.ts'

export interface GitHubChecksOptions {
  /** Path of the fleet file from the top of the repository; undefined when it is not in it. */
  fleetFile: string | undefined
  serverLines: Readonly<Record<string, number>>
}

// GitHub lets `neutral` and `skipped` pass where a check is required, and what could not be judged must not pass.
const conclusions: Readonly<Record<Verdict, CheckRun['conclusion']>> = {
  pass: 'success',
  fail: 'failure',
  error: 'action_required',
  inconclusive: 'action_required',
  skip: 'skipped',
}

/** One a phase, in the order in which they ran. */
export function gitHubChecks(entries: readonly Entry[], options: GitHubChecksOptions): CheckRun[] {
  const {phases, run} = reportModel(entries)
  return phases.map(phase => ({
    name: `${run.environment ?? 'environment'}: ${phase.name}`,
    run: run.id ?? 'unknown',
    conclusion: conclusionOf(phase),
    title: titleOf(phase),
    summary: summaryOf(phase),
    annotations: phase.checks.flatMap(check => annotationOf(check, options)),
  }))
}

// Where nothing was judged there is no verdict, which is not the same as one that is missing.
function conclusionOf({tally, verdict}: PhaseSummary): CheckRun['conclusion'] {
  if (tally.skip === tally.all) return 'skipped'
  return tally.skip + tally.accepted === tally.all ? 'neutral' : conclusions[verdict]
}

function titleOf(phase: PhaseSummary): string {
  const {tally, verdict} = phase
  if (tally.skip === tally.all) return 'skipped'
  if (conclusionOf(phase) === 'neutral') return `${count(tally.accepted, 'failure')} known and accepted`
  const passed = `${tally.pass} of ${count(tally.all, 'check')} passed`
  return verdict === 'pass' ? passed : `${verdict}: ${passed}`
}

const rowsAtMost = 200

function summaryOf({checks}: PhaseSummary): string {
  const bad = checks.filter(({shown}) => shown !== 'pass')
  const rows = [...bad, ...checks.filter(({shown}) => shown === 'pass')].slice(0, rowsAtMost)
  const more = checks.length > rows.length ? `\n\nAnd ${checks.length - rows.length} more in the report.` : ''
  const cells = rows.map(check => [check.shown, code(check.check), code(check.server ?? ''), inline(check.detail)])
  return `${table(['Verdict', 'Check', 'Server', 'What was seen'], cells)}${more}`
}

function annotationOf(check: ReportCheck, {fleetFile, serverLines}: GitHubChecksOptions): Annotation[] {
  if (check.shown === 'pass' || check.shown === 'skip' || fleetFile === undefined) return []
  const line = serverLines[check.server ?? ''] ?? 1
  const {accepted, remedy = 'look at the evidence and at docs/checks.md'} = check
  const resolution = accepted ? `accepted until ${accepted.until}: ${accepted.reason}` : remedy
  return [
    {
      path: fleetFile,
      start_line: line,
      end_line: line,
      annotation_level: accepted ? 'notice' : check.shown === 'fail' ? 'failure' : 'warning',
      title: clipped(visible(checkPlace(check)), 200),
      message: clipped(visible(`${check.detail}\n→ ${resolution}`), 4000),
    },
  ]
}
