// What a reader has to act on, each with its severity and the recommended resolution.
import {exitCode} from '../../lib/errors/exitCode.ts'
import {decisiveVerdict} from '../../lib/journal/facts.ts'
import type {ReportCheck} from './reportChecks.ts'
import type {StepLine} from './stepLines.ts'

/**
 * `Critical`: live itself may be harmed (a rollback failed, a rehearsal changed live). `High`: judged bad, or a step did
 * not do its work. `Medium`: could not be judged. `Low`: judged bad and accepted.
 */
export type Severity = 'Critical' | 'High' | 'Medium' | 'Low'

export interface Issue {
  severity: Severity
  /** The check, with its server, or the step. */
  place: string
  detail: string
  resolution: string
  /** Exactly one of these: where the issue comes from. */
  check?: ReportCheck
  step?: StepLine
}

const order: Severity[] = ['Critical', 'High', 'Medium', 'Low']

/** All issues, the most severe first. A step that failed only because of its checks is not told twice. */
export function issuesOf(steps: readonly StepLine[], checks: readonly ReportCheck[]): Issue[] {
  const issues = [...steps.flatMap(step => stepIssue(step, checks)), ...checks.flatMap(checkIssue)]
  return issues.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}

/** Name of a check as all reports write it. */
export function checkPlace(check: Pick<ReportCheck, 'check' | 'server'>): string {
  return check.server === undefined ? check.check : `${check.check} ${check.server}`
}

function checkIssue(check: ReportCheck): Issue[] {
  if (check.shown === 'pass' || check.shown === 'skip') return []
  const {accepted, remedy = 'look at the evidence and at docs/checks.md'} = check
  const resolution = accepted ? `accepted until ${accepted.until}: ${accepted.reason}` : remedy
  return [{severity: checkSeverity(check), place: checkPlace(check), detail: check.detail, resolution, check}]
}

function checkSeverity(check: ReportCheck): Severity {
  if (check.shown === 'accepted') return 'Low'
  if (check.shown !== 'fail') return 'Medium'
  return check.check === 'rehearsal/live-unchanged' ? 'Critical' : 'High'
}

function stepIssue(step: StepLine, checks: readonly ReportCheck[]): Issue[] {
  const place = `step ${step.name}`
  if (step.state === 'killed') {
    const detail = 'began and never ended: the process was killed, or the machine went down.'
    return [
      {severity: 'High', place, step, detail, resolution: 'run it again; the next run reconciles what was in doubt'},
    ]
  }
  if (step.exitCode === exitCode.rollbackFailed) {
    const resolution = 'a person is needed: both copies were kept, read the last lines of the step'
    return [{severity: 'Critical', place, step, detail: step.detail ?? 'rollback did not finish.', resolution}]
  }
  if (step.verdict === undefined || step.verdict === 'pass' || step.verdict === 'skip') return []
  const told = checks.some(check => check.by === step.name && !['pass', 'skip'].includes(decisiveVerdict(check)))
  if (told) return []
  const fallback = step.cancelled ? 'was cancelled before it ended.' : `ended with ${step.verdict} and gave no reason.`
  const [detail = fallback, ...rest] = (step.detail ?? fallback).split(/\n?→ /)
  const remedy = rest.join('; ').trim() || (step.cancelled ? 'run it again' : 'look at the journal of the run')
  return [{severity: step.verdict === 'inconclusive' ? 'Medium' : 'High', place, step, detail, resolution: remedy}]
}
