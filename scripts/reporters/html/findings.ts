// Sections of the HTML report that a reader acts on: issues, accepted findings, what was not proved, recommendations.
import {type Markup, markup} from '../model/markup.ts'
import type {ReportModel} from '../model/reportModel.ts'
import {count} from '../model/words.ts'
import {folded, none, section, serverName, verdictWord} from './parts.ts'

export function issueSection({issues, conclusion, acceptBlock}: ReportModel): Markup {
  const blocking = issues.filter(issue => issue.severity !== 'Low')
  if (blocking.length === 0) {
    return section('issues', 'Issues', '', none(conclusion.ready ? 'None.' : 'No single issue: see the reasons above.'))
  }
  const items = blocking.map(({severity, place, detail, resolution, check, step}) => {
    const shown = check?.shown ?? step?.verdict ?? 'error'
    return markup`<li class="${shown}"><p class="name">${verdictWord(shown)}<code>${place}</code><span class="severity">severity <b>${severity}</b></span></p>
<p>${detail}</p><p class="remedy">${resolution}</p>${check?.evidence && folded('evidence', check.evidence)}</li>
`
  })
  const accept =
    acceptBlock &&
    folded(`accept until ${acceptBlock.until} what is not yours to fix, in the fleet file`, acceptBlock.yaml)
  return section('issues', 'Issues', `${blocking.length} to resolve`, markup`<ol class="issues">${items}</ol>${accept}`)
}

export function findingSection({findings}: ReportModel): Markup {
  if (findings.length === 0) return section('findings', 'Findings', '', none('None.'))
  const items = findings.map(
    ({severity, of, place, text}) =>
      markup`<li><p class="name"><code>${of}</code><span>${place}</span><span class="severity">severity <b>${severity}</b></span></p><p>${text}</p></li>\n`,
  )
  const note = `${count(items.length, 'point')} for a person to judge; none decides`
  return section('findings', 'Findings', note, markup`<ul class="issues">${items}</ul>`)
}

export function acceptedSection({accepted}: ReportModel): Markup {
  if (accepted.length === 0) return section('accepted', 'Accepted findings', '', none('None.'))
  const rows = accepted.map(
    check => markup`<tr><th scope="row"><p>${verdictWord('accepted')} ${serverName(check.server)}</p><code>${check.check}</code></th>
<td>${check.detail}</td><td>${check.accepted?.reason}</td><td>until <time>${check.accepted?.until}</time></td></tr>
`,
  )
  const table = markup`<table class="stack"><thead><tr><th scope="col">Check</th><th scope="col">Finding</th><th scope="col">Reason</th><th scope="col">Accepted</th></tr></thead><tbody>${rows}</tbody></table>`
  return section('accepted', 'Accepted findings', 'known failures; they do not decide', table)
}

export function notProvedSection({notProved}: ReportModel): Markup {
  if (notProved.length === 0) return section('not-proved', 'Not proved', '', none('Nothing was left out.'))
  const items = notProved.map(({what, why}) => markup`<li><p><b>${what}</b></p><p class="soft">${why}</p></li>\n`)
  return section('not-proved', 'Not proved', count(items.length, 'point'), markup`<ul class="issues">${items}</ul>`)
}

export function recommendationSection({recommendations}: ReportModel): Markup {
  const items = recommendations.map(text => markup`<li>${text}</li>\n`)
  return section('recommendations', 'Recommended', 'what to do next', markup`<ul class="issues">${items}</ul>`)
}
