// The last lines that a person sees: what was proved, what was not, what failed and what to type next.
import {styleText} from 'node:util'
import type {Entry} from '../lib/journal/entry.ts'
import {liveText} from '../lib/status/liveText.ts'
import {clipped, oneLine} from '../lib/text/foreignText.ts'
import type {Issue} from './model/issues.ts'
import type {Reporter, ReportOptions} from './model/reporter.ts'
import {type ReportModel, reportModel} from './model/reportModel.ts'
import {count, duration, listed, signs} from './model/words.ts'

const issuesAtMost = 10
const detailAtMost = 300
// More would push the verdict off the screen.
const acceptedAtMost = 6

type Paint = (colour: Parameters<typeof styleText>[0], text: string) => string

/** About a dozen lines, each ended by a newline; more only when more failed. */
export function renderTerminalSummary(
  entries: readonly Entry[],
  options: Pick<ReportOptions, 'during' | 'colour' | 'reportPath' | 'next' | 'fleetFile'>,
): string {
  const model = reportModel(entries, options.during)
  // validateStream would ask about stdout; the caller has decided, and a pure function asks nobody.
  const paint: Paint = (colour, text) => (options.colour ? styleText(colour, text, {validateStream: false}) : text)
  const lines = [
    ...refusalLines(model, paint),
    verdictLine(model, paint),
    ...(model.conclusion.ready ? [] : model.conclusion.reasons.map(reason => `  ${oneLine(reason)}`)),
    ...issueLines(model, paint),
    labelled('live', model.facts.live === undefined ? [] : [oneLine(liveText(model.facts.live))], paint),
    labelled('proved', provedLines(model), paint),
    labelled('seen before', carriedLines(model), paint),
    labelled('not proved', notProvedLines(model), paint),
    acceptLines(model, options.fleetFile ?? 'the fleet file', paint),
    labelled('LIVE', model.live === undefined ? [] : [oneLine(model.live)], paint),
    labelled('report', options.reportPath === undefined ? [] : [options.reportPath], paint),
    labelled('next', options.next === undefined ? [] : [options.next], paint),
  ].flat()
  return lines.map(line => `${line}\n`).join('')
}

// The cause is what a person has to know first.
function refusalLines({refusal}: ReportModel, paint: Paint): string[] {
  if (refusal === undefined) return []
  return [
    `${paint(['bold', 'red'], `${signs.error} REFUSED`)}, nothing was changed: ${clipped(oneLine(refusal), detailAtMost)}`,
  ]
}

function verdictLine(model: ReportModel, paint: Paint): string {
  const {ready, word} = model.conclusion
  const head = paint(['bold', ready ? 'green' : 'red'], `${signs[model.verdict]} ${word} (${model.verdict})`)
  const {tally} = model
  const parts = [
    `${tally.pass} of ${count(tally.all, 'check')} passed`,
    ...(['fail', 'error', 'inconclusive', 'accepted', 'skip'] as const).flatMap(shown =>
      tally[shown] > 0
        ? [
            `${tally[shown]} ${{fail: 'failed', error: 'in error', inconclusive: 'inconclusive', accepted: 'accepted', skip: 'skipped'}[shown]}`,
          ]
        : [],
    ),
    duration(model.run.elapsedMs),
  ]
  return `${head}: ${parts.join(', ')}`
}

function issueLines(model: ReportModel, paint: Paint): string[] {
  const blocking = model.issues.filter(issue => issue.severity !== 'Low')
  const more = blocking.length - issuesAtMost
  return [
    ...blocking.slice(0, issuesAtMost).flatMap(issue => issueText(issue, paint)),
    ...(more > 0 ? [paint('dim', `  and ${count(more, 'more problem')}: see the report`)] : []),
  ]
}

function issueText(issue: Issue, paint: Paint): string[] {
  const sign = signs[issue.check?.shown ?? issue.step?.verdict ?? 'fail']
  const detail = clipped(oneLine(issue.detail), detailAtMost)
  return [
    `${paint('red', `${sign} ${oneLine(issue.place)}`)}: ${detail}`,
    `  ${paint('cyan', '→')} ${clipped(oneLine(issue.resolution), detailAtMost)}`,
  ]
}

// Once for all of them, since it is what users of other people's servers need next.
function acceptLines({acceptBlock}: ReportModel, fleetFile: string, paint: Paint): string[] {
  if (acceptBlock === undefined) return []
  const {checks, until, yaml} = acceptBlock
  if (checks.length > acceptedAtMost)
    return labelled('accept', [`${count(checks.length, 'failure')} can be accepted: the report has the entries`], paint)
  const what = checks.length === 1 ? 'this failure is' : 'these failures are'
  const head = `if ${what} not yours to fix, accept until ${until} in ${fleetFile} (below accept:, where it has one)`
  return [...labelled('accept', [head], paint), '', ...yaml.split('\n'), '']
}

function provedLines(model: ReportModel): string[] {
  const good = model.phases.filter(phase => phase.tally.pass > 0)
  if (good.length === 0) return ['nothing']
  const texts = good.map(phase => {
    const on = phase.servers.length === 0 ? '' : ` on ${count(phase.servers.length, 'server')}`
    return `${oneLine(phase.name)} ${count(phase.tally.pass, 'check')}${on}`
  })
  const live = model.facts.fingerprints === 'equal' ? ['live unchanged'] : []
  return grouped([...texts, ...live], 3)
}

// Said apart, since a reader may want it seen again.
function carriedLines({phases, checks}: ReportModel): string[] {
  const runs = new Set(checks.flatMap(({carried}) => carried?.run ?? []))
  if (runs.size === 0) return []
  const names = phases.flatMap(({name, tally}) => (tally.carried > 0 ? [`${oneLine(name)} ${tally.carried}`] : []))
  const where = runs.size === 1 ? `run ${[...runs].join()}` : count(runs.size, 'earlier run')
  return [`${listed(names)} of these checks, by ${where}: nothing has changed since; --fresh looks again`]
}

function notProvedLines(model: ReportModel): string[] {
  const shown = model.notProved.slice(0, 4).map(item => clipped(oneLine(`${item.what}: ${item.why}`), 160))
  const more = model.notProved.length - shown.length
  return more > 0 ? [...shown, `and ${count(more, 'more point')}: see the report`] : shown
}

/** Several short texts a line, so that many phases do not push the verdict off the screen. */
function grouped(texts: readonly string[], perLine: number): string[] {
  const lines = texts.flatMap((_text, index) => (index % perLine === 0 ? [texts.slice(index, index + perLine)] : []))
  return lines.map(line => line.join(' · '))
}

function labelled(label: string, lines: readonly string[], paint: Paint): string[] {
  return lines.map((line, index) => `  ${paint('dim', (index === 0 ? label : '').padEnd(11))} ${line}`)
}

export const terminalSummary: Reporter = {name: 'terminal', fileName: null, render: renderTerminalSummary}
