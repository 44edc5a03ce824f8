// Lists of a Markdown report: issues, findings, accepted failures, what was not proved, recommendations, the checklist.
import {checklistOf} from '../model/checklist.ts'
import type {Issue} from '../model/issues.ts'
import {wholeFleet} from '../model/reportChecks.ts'
import type {ReportModel} from '../model/reportModel.ts'
import {code, fence, inline, table} from './markdownText.ts'

/** What blocks, the most severe first, with evidence; accepted findings have a list of their own. */
export function issueList({issues, acceptBlock}: ReportModel): string {
  const blocking = issues.filter(issue => issue.severity !== 'Low')
  if (blocking.length === 0) return 'None.'
  const list = blocking.map(issueItem).join('\n')
  if (acceptBlock === undefined) return list
  return `${list}\n\nWhat is not yours to fix can be accepted until ${acceptBlock.until}, in the fleet file:\n\n${fence(acceptBlock.yaml)}`
}

function issueItem(issue: Issue, index: number): string {
  const indent = '   '
  const evidence = issue.check?.evidence
  return [
    `${index + 1}. ${code(issue.place)}`,
    `${indent}- Severity: **${issue.severity}**`,
    `${indent}- Description: ${inline(issue.detail)}`,
    `${indent}- Recommended resolution: ${inline(issue.resolution)}`,
    ...(evidence ? [`${indent}- Evidence:`, '', fence(evidence, `${indent}  `), ''] : []),
  ].join('\n')
}

/** For a person to judge; none of them decides. */
export function findingList({findings}: ReportModel): string {
  if (findings.length === 0) return 'None.'
  const rows = findings.map(({severity, of, place, text}) => [severity, code(of), inline(place), inline(text)])
  return table(['Severity', 'Check', 'Place', 'Finding'], rows)
}

/** A task list as GitHub shows it, under the headings of the checklist, whose own text is Markdown of the user's. */
export function checklistText(text: string, {checks}: ReportModel): string {
  const parts = checklistOf(text, checks)
  if (parts.length === 0) return 'There is no checklist.'
  return parts
    .map(({heading, items}) => {
      const lines = items.map(item => `- [${item.done ? 'x' : ' '}] ${item.text} (${inline(item.why)})`)
      return `### ${heading}\n\n${lines.join('\n')}`
    })
    .join('\n\n')
}

export function acceptedTable({accepted}: ReportModel): string {
  if (accepted.length === 0) return 'None.'
  const rows = accepted.map(check => [
    code(check.check),
    check.server === undefined ? wholeFleet : code(check.server),
    inline(check.detail),
    inline(check.accepted?.reason ?? ''),
    inline(check.accepted?.until ?? ''),
  ])
  return table(['Check', 'Server', 'Finding', 'Reason', 'Accepted until'], rows)
}

export function notProvedList({notProved}: ReportModel): string {
  if (notProved.length === 0) return 'Nothing was left out.'
  return notProved.map(item => `- **${inline(item.what)}**: ${inline(item.why)}`).join('\n')
}

export function recommendationList({recommendations}: ReportModel): string {
  return recommendations.map((text, index) => `${index + 1}. ${inline(text)}`).join('\n')
}
