// The section of the HTML report about changed contracts: what clients know, and what they find now.
import {type Markup, markup} from '../model/markup.ts'
import type {ReportModel} from '../model/reportModel.ts'
import {count} from '../model/words.ts'
import {none, section, verdictWord} from './parts.ts'

const shownAtMost = 200
const shownAs = {breaking: 'fail', unknown: 'inconclusive', compatible: 'pass'} as const

export function contractSection({contracts: {seen, changes}}: ReportModel): Markup {
  const part = (note: string, content: Markup) => section('contracts', 'Contract changes', note, content)
  if (seen === 'not compared') return part('', none('No contract of an earlier release was compared.'))
  if (changes.length === 0) return part('', none('Every server offers what it offered before.'))
  const items = changes.slice(0, shownAtMost).map(
    ({server, kind, pointer, what, reason, before, after, views, steers}) =>
      markup`<li><p class="name">${verdictWord(shownAs[kind], kind)}<b>${server}</b><code>${pointer === '' ? 'the whole' : pointer}</code></p>
<p>${what} ${reason}${steers && markup` <b>It steers models.</b>`}</p><p class="soft">${before} → ${after}</p><p class="soft">${views.join('; ')}</p></li>
`,
  )
  const more =
    changes.length > shownAtMost &&
    markup`<li class="soft">And ${count(changes.length - shownAtMost, 'more difference')}.</li>`
  const note = `${count(changes.length, 'difference')}${seen === 'planned' ? ', on record' : ''}`
  return part(note, markup`<ul class="issues">${items}${more}</ul>`)
}
