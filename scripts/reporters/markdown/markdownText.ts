// Text, code, tables and fences in GitHub's Markdown, with foreign text that stays text.
import {clipped, oneLine, visible} from '../../lib/text/foreignText.ts'

const cellAtMost = 500
const fenceAtMost = 4000

/** One line of text in which nothing is markup: no HTML, link, image, emphasis, heading, list or table border. */
export function inline(text: string): string {
  return (
    clipped(oneLine(text), cellAtMost)
      .replace(/[\\`*[\]<|~$]/g, String.raw`\$&`)
      // GitHub's Markdown takes an underscore inside a word as a letter, and names read better without the backslash.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
      .replace(/&(?=#?\w+;)/g, '&amp;')
      .replace(/^([#+\-=>])/, String.raw`\$1`)
      .replace(/^(\d+)([.)])(?=\s|$)/, String.raw`$1\$2`)
  )
}

/** A code span; plain text where a character would have a meaning in code or in a table. Empty text gives nothing. */
export function code(text: string): string {
  const content = clipped(oneLine(text), cellAtMost)
  if (content === '') return ''
  return /[|`\\]/.test(content) ? inline(text) : `\`${content}\``
}

/** A fenced block of plain text, longer than any fence inside it; `indent` puts it into a list item. */
export function fence(text: string, indent = ''): string {
  const content = clipped(visible(text), fenceAtMost)
  const ticks = '`'.repeat(Math.max(3, longestRun(content) + 1))
  return [`${ticks}text`, ...content.trimEnd().split('\n'), ticks].map(line => `${indent}${line}`).join('\n')
}

/** A table; cells are finished Markdown of one line. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length))
}
