// Fills a text that users edit: `{{name}}` is replaced, `{{! … }}` is a comment, an unknown name is a fault.
import {UserError} from '../../lib/errors/userError.ts'

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g

/**
 * The template with every placeholder replaced once; what a value contains is not looked at again.
 * Throws a UserError that names all unknown placeholders with line and column, and the known ones.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>, path: string): string {
  // A comment goes with its line, so that it leaves no hole.
  const text = template.replace(/^[ \t]*\{\{!.*?\}\}[ \t]*\n|\{\{!.*?\}\}/gms, comment =>
    '\n'.repeat(lineEnds(comment)),
  )
  const faults = [...text.matchAll(placeholder)]
    .filter(match => !Object.hasOwn(values, match[1] ?? ''))
    .map(match => `${path}:${position(text, match.index)} ${match[0]}: should be a known placeholder`)
  if (faults.length > 0) {
    throw new UserError(faults.join('\n'), `use one of ${Object.keys(values).toSorted().join(', ')}`)
  }
  const filled = text.replace(placeholder, (_match, name: string) => values[name] ?? '')
  return `${filled.replace(/\n{3,}/g, '\n\n').trim()}\n`
}

function position(text: string, index: number): string {
  const before = text.slice(0, index)
  return `${lineEnds(before) + 1}:${index - before.lastIndexOf('\n')}`
}

function lineEnds(text: string): number {
  return text.split('\n').length - 1
}
