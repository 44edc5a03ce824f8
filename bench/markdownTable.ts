// Writes results as a Markdown table: for the terminal, and to be pasted into the README.
import type {FigureResult, PeerResult} from './figureResult.ts'
import type {Bound} from './limit.ts'

const head = ['measure', 'what', 'median', 'min – max', 'limit', 'beside it', 'runs', 'holds']

export function markdownTable(results: readonly FigureResult[]): string {
  const rows = [head, head.map(() => '---'), ...results.map(cells)]
  return `${rows.map(row => `| ${row.join(' | ')} |`).join('\n')}\n`
}

function cells(result: FigureResult): string[] {
  const {name, title, unit} = result
  if ('fault' in result) return [name, title, 'not measured', '', '', oneLine(result.fault), '0', '✗'].map(escaped)
  const {median, min, max, limit, peers, absent = [], samples, ok} = result
  return [
    name,
    title,
    `${short(median)} ${unit}`,
    `${short(min)} – ${short(max)}`,
    limit === undefined ? '' : bounded(limit, unit),
    [...peers.map(peer => beside(peer, unit)), ...absent].join('; '),
    String(samples.length),
    limit === undefined ? '' : ok ? '✓' : '✗',
  ].map(escaped)
}

function bounded({bound, value, formula}: Bound, unit: string): string {
  const sign = bound === 'at most' ? '≤' : '≥'
  return `${sign} ${short(value)} ${unit}${formula === undefined ? '' : ` (${formula})`}`
}

function beside({title, median, ratio}: PeerResult, unit: string): string {
  return `${title}: ${short(median)} ${unit}${ratio === undefined ? '' : `, ratio ${short(ratio)}`}`
}

// Three digits are as much as a busy machine can repeat.
function short(number: number): string {
  return Math.abs(number) >= 100 ? String(Math.round(number)) : String(Number(number.toPrecision(3)))
}

function oneLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}
