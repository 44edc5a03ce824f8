// Problems as GitHub Actions workflow commands, so that they stand at the server's line of the fleet file.

import type {Entry} from '../lib/journal/entry.ts'
import {clipped, visible} from '../lib/text/foreignText.ts'
import type {Issue} from './model/issues.ts'
import type {Reporter, ReportOptions} from './model/reporter.ts'
import {reportModel} from './model/reportModel.ts'
import {count} from './model/words.ts'

/** GitHub shows ten of each kind for a step and drops the others without a word. */
const shownAtMost = 10

type AnnotationOptions = Pick<ReportOptions, 'during' | 'fleetFile' | 'serverLines'>

/** `::error` lines for what blocks, `::notice` lines for accepted findings; empty when there is neither. */
export function renderAnnotations(entries: readonly Entry[], options: AnnotationOptions = {}): string {
  const model = reportModel(entries, options.during)
  const file = options.fleetFile ?? model.run.fleet
  const line = (issue: Issue) => command(issue, file, options.serverLines?.[issue.check?.server ?? ''])
  const blocking = model.issues.filter(issue => issue.severity !== 'Low')
  const accepted = model.issues.filter(issue => issue.severity === 'Low')
  const silent =
    blocking.length === 0 && !model.conclusion.ready
      ? [annotation('error', {title: 'NOT READY'}, model.conclusion.reasons.join('\n'))]
      : []
  const lines = [...silent, ...atMost('error', blocking.map(line)), ...atMost('notice', accepted.map(line))]
  return lines.map(text => `${text}\n`).join('')
}

function command(issue: Issue, file: string | undefined, line: number | undefined): string {
  const kind = issue.severity === 'Low' ? 'notice' : 'error'
  const message = clipped(`${issue.detail}\n→ ${issue.resolution}`, 4000)
  return annotation(kind, {file, line: file === undefined ? undefined : line, title: issue.place}, message)
}

function atMost(kind: string, lines: readonly string[]): string[] {
  if (lines.length <= shownAtMost) return [...lines]
  const more = count(lines.length - shownAtMost + 1, 'more problem')
  return [
    ...lines.slice(0, shownAtMost - 1),
    annotation(kind, {title: 'and more'}, `${more}: see the report of the run.`),
  ]
}

/** One workflow command: `::kind name=value,…::message`, each part escaped as the toolkit's `command.ts` does. */
export function annotation(
  kind: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const written = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(visible(String(value)))}`],
  )
  return `::${kind}${written.length > 0 ? ' ' : ''}${written.join(',')}::${escapeData(visible(message))}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

export const annotations: Reporter = {name: 'annotations', fileName: null, render: renderAnnotations}
