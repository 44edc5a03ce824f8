// The run as a test report in Markdown, in the words and the order of a template that users edit.
import type {Entry} from '../lib/journal/entry.ts'
import {matrixTable, performanceTable, phaseSections} from './markdown/checkTables.ts'
import {contractTable} from './markdown/contractTable.ts'
import {fillTemplate} from './markdown/fillTemplate.ts'
import {
  acceptedTable,
  checklistText,
  findingList,
  issueList,
  notProvedList,
  recommendationList,
} from './markdown/findingLists.ts'
import {code, inline} from './markdown/markdownText.ts'
import {environmentTable, planText, stepTable, timeText, versionTable} from './markdown/runTables.ts'
import type {Reporter, ReportOptions} from './model/reporter.ts'
import {type ReportModel, reportModel} from './model/reportModel.ts'
import {count, dateTime, duration} from './model/words.ts'

/** The filled template; also what a workflow appends to `$GITHUB_STEP_SUMMARY`. Throws a UserError on an unknown placeholder. */
export function renderMarkdown(
  entries: readonly Entry[],
  options: Pick<ReportOptions, 'template' | 'checklist' | 'during'> & {templatePath?: string},
): string {
  const values = templateValues(reportModel(entries, options.during), options.checklist)
  return fillTemplate(options.template, values, options.templatePath ?? 'templates/report.md')
}

/** Every placeholder that a template may use, with its Markdown. */
export function templateValues(model: ReportModel, checklist = ''): Record<string, string> {
  const {run, tally, facts} = model
  return {
    conclusion: model.conclusion.word,
    reasons: model.conclusion.reasons.map(inline).join(' '),
    verdict: model.verdict,
    exitCode: String(model.exitCode),
    date: dateTime(run.startedAt ?? 'unknown date'),
    time: timeText(model),
    duration: duration(run.elapsedMs),
    run: code(run.id ?? 'unknown'),
    pipeline: code(run.pipeline ?? 'unknown'),
    environment: inline(run.environment ?? 'unknown environment'),
    fleet: code(run.fleet ?? 'unknown'),
    host: code(run.host ?? 'unknown'),
    release: facts.release ? code(facts.release.digest) : 'none',
    tally: `${tally.pass} of ${count(tally.all, 'check')} passed, ${tally.fail} failed, ${tally.error} in error, ${tally.inconclusive} inconclusive, ${tally.accepted} accepted, ${tally.skip} skipped`,
    versions: versionTable(model),
    environmentDetails: environmentTable(model),
    plan: planText(model),
    contracts: contractTable(model),
    steps: stepTable(model),
    matrix: matrixTable(model),
    phases: phaseSections(model),
    performance: performanceTable(model),
    issues: issueList(model),
    findings: findingList(model),
    accepted: acceptedTable(model),
    notProved: notProvedList(model),
    recommendations: recommendationList(model),
    checklist: checklistText(checklist, model),
  }
}

export const markdown: Reporter = {name: 'markdown', fileName: 'report.md', render: renderMarkdown}
