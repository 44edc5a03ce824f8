// Every check of every phase in the HTML report, with its value against its limit and its evidence.
import {type Markup, markup} from '../model/markup.ts'
import type {PhaseSummary, ReportCheck} from '../model/reportChecks.ts'
import type {ReportModel} from '../model/reportModel.ts'
import {count, duration, quantity} from '../model/words.ts'
import {folded, none, percent, section, serverName, verdictWord} from './parts.ts'

export function phaseSection({phases, tally}: ReportModel): Markup {
  if (phases.length === 0) return section('checks', 'Checks', '', none('No phase came to a check.'))
  return section(
    'checks',
    'Checks',
    `${count(tally.all, 'check')} in ${count(phases.length, 'phase')}`,
    phases.map(phaseBlock),
  )
}

function phaseBlock(phase: PhaseSummary, index: number): Markup {
  const on = phase.servers.length === 0 ? '' : ` on ${count(phase.servers.length, 'server')}`
  return markup`<article class="phase" id="phase-${index}" aria-labelledby="phase-${index}-name"><header>
<h3 id="phase-${index}-name">${phase.name}</h3>${verdictWord(phase.verdict)}
<span class="soft">${phase.tally.pass} of ${phase.tally.all} passed${on}</span></header>
<ul class="checks">${phase.checks.map(checkItem)}</ul></article>
`
}

function checkItem(check: ReportCheck): Markup {
  const name = check.check.startsWith(`${check.phase}/`) ? check.check.slice(check.phase.length + 1) : check.check
  const decisive = check.shown !== 'pass' && check.shown !== 'skip' && check.shown !== 'accepted'
  return markup`<li class="${check.shown}">${verdictWord(check.shown)}
<div class="what"><p class="name"><code>${name}</code>${serverName(check.server)}</p>
<p class="detail">${check.detail}</p>${decisive && check.remedy && markup`<p class="remedy">${check.remedy}</p>`}
${check.accepted && markup`<p class="soft">Accepted until ${check.accepted.until}: ${check.accepted.reason}</p>`}${check.evidence && folded('evidence', check.evidence)}</div>
<div class="measure">${measure(check)}</div></li>
`
}

function measure(check: ReportCheck): Markup | undefined {
  const {value, limit, unit, bound, ms} = check
  const took = ms !== undefined && ms > 0 && markup` <span class="soft">took ${duration(ms)}</span>`
  if (value === undefined) return markup`${took}`
  const measured = markup`<b>${quantity(value, unit)}</b>`
  if (limit === undefined) return markup`${measured}${took}`
  const against = markup`${measured} <span class="soft">limit ${bound} ${quantity(limit, unit)}</span>`
  return typeof value === 'number' && typeof limit === 'number' ? markup`${bar(value, limit)}${against}` : against
}

/** The longer of value and limit fills nine tenths, so that the mark of the limit is always on the bar. */
function bar(value: number, limit: number): Markup {
  const whole = Math.max(value, limit) / 0.9
  return markup`<span class="bar" aria-hidden="true"><i style="--value:${percent(value, whole)}"></i><b style="--limit:${percent(limit, whole)}"></b></span>`
}
