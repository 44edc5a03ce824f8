// The run as JUnit XML for CI systems that show tests, in the elements and attributes that the common schemas know.

import type {Entry} from '../lib/journal/entry.ts'
import {clipped, oneLine} from '../lib/text/foreignText.ts'
import {checkPlace} from './model/issues.ts'
import {type Markup, markup, textOf} from './model/markup.ts'
import type {PhaseSummary, ReportCheck} from './model/reportChecks.ts'
import type {Reporter, ReportOptions} from './model/reporter.ts'
import {type ReportModel, reportModel} from './model/reportModel.ts'
import type {StepLine} from './model/stepLines.ts'

/** A test case that is not good; `skipped` also stands for an accepted failure. */
type Mark = {as: 'failure' | 'error' | 'skipped'; type: string; message: string; body: string} | undefined

interface Suite {
  name: string
  startedAt: string
  cases: {name: string; seconds: number; mark: Mark}[]
}

/**
 * One suite a phase with a case for each check and server, and a suite `steps`, so that a run that never came to its
 * checks is not shown as an empty, green list. Times are in seconds. Inconclusive checks are errors.
 */
export function renderJunit(entries: readonly Entry[], options: Pick<ReportOptions, 'during'> = {}): string {
  const model = reportModel(entries, options.during)
  const suites = [stepSuite(model), ...model.phases.map(phaseSuite)]
  const cases = suites.flatMap(suite => suite.cases)
  return textOf(markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${oneLine(`seaworthy ${model.run.pipeline ?? ''}`)}" ${sums(cases)} time="${seconds(model.run.elapsedMs)}">
${suites.map((suite, id) => suiteXml(suite, id, model))}</testsuites>
`)
}

function stepSuite(model: ReportModel): Suite {
  const steps = model.steps.filter(step => step.verdict !== undefined)
  const cases = steps.map(step => ({name: step.name, seconds: (step.ms ?? 0) / 1000, mark: stepMark(step)}))
  const red = [...cases.map(item => item.mark), ...model.checks.map(checkMark)].some(
    mark => mark && mark.as !== 'skipped',
  )
  // A run that is not ready must not look green, also when nothing in it failed: it was cut short, or checked nothing.
  const evidence = model.conclusion.ready || red ? [] : [{name: 'evidence', seconds: 0, mark: evidenceMark(model)}]
  return {name: 'steps', startedAt: model.run.startedAt ?? '', cases: [...cases, ...evidence]}
}

function evidenceMark(model: ReportModel): Mark {
  const [message = 'not ready'] = model.conclusion.reasons
  return {as: 'error', type: 'inconclusive', message, body: model.conclusion.reasons.join('\n')}
}

function stepMark(step: StepLine): Mark {
  const message = step.state === 'finished' ? (step.detail ?? `ended with ${step.verdict}`) : stateMessage[step.state]
  const mark = {message: oneLine(message), body: message}
  if (step.verdict === 'pass') return undefined
  if (step.verdict === 'skip') return {as: 'skipped', type: 'skip', ...mark}
  return {as: step.verdict === 'fail' ? 'failure' : 'error', type: step.verdict ?? 'error', ...mark}
}

const stateMessage = {
  killed: 'began and never ended: it was killed',
  'never began': 'never began: the run ended before',
  running: '',
  'to come': '',
}

function phaseSuite(phase: PhaseSummary): Suite {
  return {
    name: phase.name,
    startedAt: phase.checks[0]?.at ?? '',
    cases: phase.checks.map(check => ({
      name: checkPlace(check),
      seconds: (check.ms ?? 0) / 1000,
      mark: checkMark(check),
    })),
  }
}

function checkMark(check: ReportCheck): Mark {
  if (check.shown === 'pass') return undefined
  const remedy = check.remedy ? `→ ${check.remedy}` : ''
  const mark = {
    message: oneLine(check.detail),
    body: [check.detail, remedy, check.evidence ?? ''].filter(Boolean).join('\n'),
  }
  if (check.accepted && check.shown === 'accepted') {
    const message = oneLine(`accepted until ${check.accepted.until}: ${check.accepted.reason}`)
    return {as: 'skipped', type: 'accepted', ...mark, message}
  }
  if (check.shown === 'skip') return {as: 'skipped', type: 'skip', ...mark}
  return {as: check.shown === 'fail' ? 'failure' : 'error', type: check.shown, ...mark}
}

function suiteXml(suite: Suite, id: number, model: ReportModel): Markup {
  const skipped = suite.cases.filter(item => item.mark?.as === 'skipped').length
  const time = seconds(suite.cases.reduce((sum, item) => sum + item.seconds * 1000, 0))
  return markup`  <testsuite name="${oneLine(suite.name)}" id="${id}" package="seaworthy" hostname="${oneLine(model.run.host ?? 'unknown')}" timestamp="${oneLine(suite.startedAt).slice(0, 19)}" ${sums(suite.cases)} skipped="${skipped}" time="${time}">
    <properties>
${properties(model)}    </properties>
${suite.cases.map(item => caseXml(suite.name, item))}  </testsuite>
`
}

function properties(model: ReportModel): Markup[] {
  const all = {
    run: model.run.id,
    pipeline: model.run.pipeline,
    environment: model.run.environment,
    'seaworthy.version': model.run.seaworthyVersion,
    node: model.run.node,
    release: model.facts.release?.digest,
    verdict: model.verdict,
  }
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [markup`      <property name="${name}" value="${oneLine(value)}"/>\n`],
  )
}

function caseXml(suite: string, item: Suite['cases'][number]): Markup {
  const start = markup`    <testcase name="${oneLine(item.name)}" classname="${oneLine(`seaworthy.${suite}`)}" time="${seconds(item.seconds * 1000)}"`
  const mark = item.mark
  if (mark === undefined) return markup`${start}/>\n`
  const body = clipped(mark.body, 20_000)
  // The element's name is one of three words of our own, so it is written out rather than interpolated.
  if (mark.as === 'skipped') return markup`${start}><skipped message="${mark.message}"/></testcase>\n`
  if (mark.as === 'error')
    return markup`${start}><error type="${mark.type}" message="${mark.message}">${body}</error></testcase>\n`
  return markup`${start}><failure type="${mark.type}" message="${mark.message}">${body}</failure></testcase>\n`
}

function sums(cases: Suite['cases']): Markup {
  const failures = cases.filter(item => item.mark?.as === 'failure').length
  const errors = cases.filter(item => item.mark?.as === 'error').length
  return markup`tests="${cases.length}" failures="${failures}" errors="${errors}"`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

export const junit: Reporter = {name: 'junit', fileName: 'junit.xml', render: renderJunit}
