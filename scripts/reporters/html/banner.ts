// The top of the HTML report: READY or NOT READY, why, the sums, and the way to the sections.
import {type Markup, markup} from '../model/markup.ts'
import type {ReportModel} from '../model/reportModel.ts'
import {count, dateTime, duration, type Shown, signs} from '../model/words.ts'
import {verdictWord} from './parts.ts'

const order: readonly Shown[] = ['pass', 'fail', 'error', 'inconclusive', 'accepted', 'skip']

export function banner(model: ReportModel): Markup {
  const {run, conclusion, verdict, tally} = model
  const seen = order.filter(shown => tally[shown] > 0)
  const over = [
    run.pipeline,
    run.environment && `environment ${run.environment}`,
    dateTime(run.startedAt ?? 'unknown date'),
  ]
  return markup`<header class="${verdict}">
<p class="over">${over.filter(Boolean).join(' · ')} · ${duration(run.elapsedMs)}</p>
<h1><span aria-hidden="true">${signs[verdict]} </span>${conclusion.word}</h1>
<p class="reasons">${conclusion.reasons.join(' ')}</p>
<p class="tally"><span>${count(tally.all, 'check')}</span>${seen.map(shown => markup`<span>${verdictWord(shown, `${tally[shown]} ${shown}`)}</span>`)}<span class="soft">verdict ${verdict}, exit code ${model.exitCode}</span></p>
<p class="strip" aria-hidden="true">${seen.map(shown => markup`<i class="${shown}" style="flex:${tally[shown]}"></i>`)}</p>
</header>
`
}

/** Links to the sections, in their order. */
export function contents(links: readonly (readonly [id: string, text: string])[]): Markup {
  return markup`<nav aria-label="Sections"><ul>${links.map(([id, text]) => markup`<li><a href="#${id}">${text}</a></li>`)}</ul></nav>
`
}
