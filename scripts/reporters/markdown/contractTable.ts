// The section of a Markdown report about changed contracts: what clients know, and what they find now.
import type {ReportModel} from '../model/reportModel.ts'
import {count} from '../model/words.ts'
import {code, inline, table} from './markdownText.ts'

const rowsAtMost = 100

export function contractTable({contracts: {seen, changes}}: ReportModel): string {
  if (seen === 'not compared') return 'No contract of an earlier release was compared.'
  if (changes.length === 0) return 'Every server offers what it offered before.'
  const source = seen === 'observed' ? '' : 'Of the contracts on record; no server was asked. '
  const kinds = (['breaking', 'unknown', 'compatible'] as const).flatMap(kind => {
    const found = changes.filter(change => change.kind === kind).length
    return found > 0 ? [`${found} ${kind}`] : []
  })
  const rows = changes
    .slice(0, rowsAtMost)
    .map(({server, kind, pointer, what, reason, before, after, views, steers}) => [
      code(server),
      kind === 'compatible' ? kind : `**${kind}**`,
      code(pointer === '' ? '(the whole)' : pointer),
      inline([what, reason, steers ? 'It steers models.' : ''].filter(Boolean).join(' ')),
      inline(before),
      inline(after),
      inline(views.join('; ')),
    ])
  const more = changes.length > rowsAtMost ? `\n\nAnd ${count(changes.length - rowsAtMost, 'more difference')}.` : ''
  return `${source}${kinds.join(', ')}.\n\n${table(['Server', 'Kind', 'Where', 'What', 'Before', 'Now', 'Clients'], rows)}${more}`
}
