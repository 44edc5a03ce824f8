// Tables of a Markdown report about what was checked: the matrix, each phase, performance.
import {cellShown, type PhaseSummary, type ReportCheck, tallyOf, wholeFleet} from '../model/reportChecks.ts'
import type {ReportModel} from '../model/reportModel.ts'
import {count, quantity, type Shown, signs} from '../model/words.ts'
import {code, inline, table} from './markdownText.ts'

/** Servers down, phases across; the last row is what concerns the fleet as a whole. */
export function matrixTable({servers, phases, checks}: ReportModel): string {
  if (phases.length === 0) return 'Nothing was checked.'
  const rows = [...servers, ...(checks.some(check => check.server === undefined) ? [undefined] : [])].map(server => [
    server === undefined ? wholeFleet : code(server),
    ...phases.map(phase => cell(phase, server)),
  ])
  return table(['Server', ...phases.map(phase => code(phase.name))], rows)
}

function cell(phase: PhaseSummary, server: string | undefined): string {
  const own = phase.checks.filter(check => check.server === server)
  const shown = cellShown(own)
  if (shown === undefined) return 'not checked'
  const {pass, all} = tallyOf(own)
  return `${shownText(shown)} ${pass}/${all}`
}

/** One section a phase: verdict, sums, and every check with its measured value and limit. */
export function phaseSections({phases}: ReportModel): string {
  if (phases.length === 0) return 'No phase came to a check.'
  return phases.map(phaseSection).join('\n\n')
}

function phaseSection(phase: PhaseSummary): string {
  const on = phase.servers.length === 0 ? '' : ` on ${count(phase.servers.length, 'server')}`
  const rows = phase.checks.map(check => [
    shownText(check.shown),
    code(check.check),
    check.server === undefined ? wholeFleet : code(check.server),
    check.value === undefined ? '' : inline(quantity(check.value, check.unit)),
    limitText(check),
    inline(check.detail),
  ])
  return [
    `### Phase ${code(phase.name)}`,
    `**Result: ${phase.verdict.toUpperCase()}**, ${phase.tally.pass} of ${count(phase.tally.all, 'check')} passed${on}.`,
    table(['Verdict', 'Check', 'Server', 'Measured', 'Limit', 'Detail'], rows),
  ].join('\n\n')
}

/** Every check that held a number against a number. */
export function performanceTable({measured}: ReportModel): string {
  if (measured.length === 0) return 'No check measured a number against a limit.'
  const rows = measured.map(check => [
    code(check.check),
    check.server === undefined ? wholeFleet : code(check.server),
    inline(quantity(check.value, check.unit)),
    limitText(check),
    check.limit === 0 || check.bound === '≥' ? '' : `${Math.round((check.value / check.limit) * 100)} %`,
    shownText(check.shown),
  ])
  return table(['Check', 'Server', 'Measured', 'Limit', 'Measured of limit', 'Verdict'], rows)
}

function limitText({limit, unit, bound}: ReportCheck): string {
  return limit === undefined ? '' : `${bound} ${inline(quantity(limit, unit))}`.trim()
}

function shownText(shown: Shown): string {
  return `${signs[shown]} ${shown}`
}
