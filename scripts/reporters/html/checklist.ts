// The deployment checklist of the HTML report, filled in by the run.
import {checklistOf} from '../model/checklist.ts'
import {type Markup, markup} from '../model/markup.ts'
import type {ReportModel} from '../model/reportModel.ts'
import {none, section} from './parts.ts'

/** `text` is the checklist as users edit it. */
export function checklistSection(text: string, {checks}: ReportModel): Markup {
  const parts = checklistOf(text, checks)
  if (parts.length === 0) return section('checklist', 'Checklist', '', none('There is no checklist.'))
  const items = parts.flatMap(part => part.items)
  const lists = parts.map(({heading, items: own}) => {
    const rows = own.map(
      ({text: what, done, why}) =>
        markup`<li class="${done ? 'pass' : 'skip'}"><p>${done ? '[x]' : '[ ]'} ${what}</p><p class="soft">${why}</p></li>\n`,
    )
    return markup`<h3>${heading}</h3><ul class="issues">${rows}</ul>`
  })
  return section('checklist', 'Checklist', `${items.filter(({done}) => done).length} of ${items.length} done`, lists)
}
