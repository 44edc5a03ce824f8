// The run as one HTML page that needs nothing else: no script, no request, readable on a phone, in the dark and on paper.
import type {Entry} from '../lib/journal/entry.ts'
import {banner, contents} from './html/banner.ts'
import {checklistSection} from './html/checklist.ts'
import {contractSection} from './html/contracts.ts'
import {
  acceptedSection,
  findingSection,
  issueSection,
  notProvedSection,
  recommendationSection,
} from './html/findings.ts'
import {matrixSection, runSection, timelineSection} from './html/overview.ts'
import {phaseSection} from './html/phases.ts'
import {commandSection, journalSection, planSection, versionSection} from './html/records.ts'
import {style} from './html/style.ts'
import {markup, textOf, trusted} from './model/markup.ts'
import type {Reporter, ReportOptions} from './model/reporter.ts'
import {reportModel} from './model/reportModel.ts'
import {dateTime} from './model/words.ts'

// Should an escape ever be forgotten, the browser still runs no script and asks nobody for anything.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

const links = [
  ['issues', 'Issues'],
  ['matrix', 'Servers × phases'],
  ['steps', 'Steps'],
  ['checks', 'Checks'],
  ['findings', 'Findings'],
  ['accepted', 'Accepted'],
  ['not-proved', 'Not proved'],
  ['recommendations', 'Recommended'],
  ['checklist', 'Checklist'],
  ['run', 'Run'],
  ['plan', 'Plan'],
  ['contracts', 'Contracts'],
  ['versions', 'Versions'],
  ['commands', 'Commands'],
  ['journal', 'Journal'],
] as const

/** The whole page. All text of the journal is escaped; a Content-Security-Policy forbids scripts and requests besides. */
export function renderHtml(
  entries: readonly Entry[],
  options: Pick<ReportOptions, 'during' | 'checklist'> = {},
): string {
  const model = reportModel(entries, options.during)
  const {run, conclusion} = model
  const title = `${conclusion.word}: ${run.environment ?? 'unknown environment'}, ${dateTime(run.startedAt ?? 'unknown date')}`
  return textOf(markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Seaworthy ${run.seaworthyVersion}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<main>
${banner(model)}${contents(links)}${issueSection(model)}${matrixSection(model)}${timelineSection(model)}${phaseSection(model)}${findingSection(model)}${acceptedSection(model)}${notProvedSection(model)}${recommendationSection(model)}${checklistSection(options.checklist ?? '', model)}${runSection(model)}${planSection(model)}${contractSection(model)}${versionSection(model)}${commandSection(model)}${journalSection(model)}<section class="sign-off" id="sign-off"><h2>Sign-off</h2><div><p>Tester (name, signature): ______________________________</p><p>Date: ______________________________</p><p>Approved (YES / NO): ______________________________</p></div></section>
</main>
</body>
</html>
`)
}

export const html: Reporter = {name: 'html', fileName: 'report.html', render: renderHtml}
