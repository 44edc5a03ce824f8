// What checks saw beside their verdict, for a person to judge; the most severe first.
import type {Finding} from '../../lib/journal/entry.ts'
import {checkPlace} from './issues.ts'
import type {ReportCheck} from './reportChecks.ts'

export interface ReportFinding extends Finding {
  /** The check with its server. */
  of: string
}

const order: readonly Finding['severity'][] = ['High', 'Medium', 'Low']

export function findingsOf(checks: readonly ReportCheck[]): ReportFinding[] {
  const all = checks.flatMap(check => (check.findings ?? []).map(finding => ({...finding, of: checkPlace(check)})))
  return all.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}
