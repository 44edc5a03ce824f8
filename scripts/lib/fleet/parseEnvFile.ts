// Parses the text of a .env file: NAME=value lines, and a fault with its line for each that two tools would read differently.
import {UserError} from '../errors/userError.ts'

/**
 * An unquoted value ends with its line or before a comment, which is a # between blanks, as in Compose's files; a # without a
 * blank before it is kept. A quoted value may have several lines; in double quotes \n is a line end, as in Node's own reader.
 * Nothing is expanded. Throws a `UserError` that names every fault by file and line, and never shows a value.
 */
export function parseEnvFile(text: string, file: string): Record<string, string> {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
  const found = new Map<string, {value: string; line: number}>()
  const faults: string[] = []
  for (let at = 0; at < lines.length; ) {
    const line = at + 1
    const read = readEntry(lines.slice(at))
    at += read.lines
    const fault = read.fault ?? repeated(read, found)
    if (fault !== undefined) faults.push(`${file}:${line}: ${fault}`)
    else if (read.name !== undefined) found.set(read.name, {value: read.value, line})
  }
  if (faults.length > 0) throw new UserError(faults.join('\n'), 'docs/env-files.md shows how values are written')
  return Object.fromEntries([...found].map(([name, {value}]) => [name, value]))
}

interface Entry {
  /** Undefined for a comment and an empty line. */
  name?: string
  value: string
  /** How many lines it takes. */
  lines: number
  fault?: string
}

function readEntry([first = '', ...rest]: string[]): Entry {
  const nothing = {value: '', lines: 1}
  if (/^\s*(#|$)/.test(first)) return nothing
  const [, name, blanks = '', text = ''] = /^\s*(?:export\s+)?([^\s=]+)\s*=(\s*)(.*)$/.exec(first) ?? []
  if (name === undefined) return {...nothing, fault: 'should be NAME=value, a comment or empty, and is none of them'}
  if (!/^[A-Za-z_]\w*$/.test(name)) return {...nothing, fault: 'should begin with a variable name such as API_KEY'}
  const quote = /^['"`]/.exec(text)?.[0]
  return {name, ...(quote === undefined ? plainValue(name, blanks + text) : quotedValue(name, quote, [text, ...rest]))}
}

function plainValue(name: string, text: string): Omit<Entry, 'name'> {
  const comment = /\s#/.exec(text)
  if (comment === null) return {value: text.trim(), lines: 1}
  const behind = text[comment.index + comment[0].length]
  if (behind === undefined || /[\s#]/.test(behind)) return {value: text.slice(0, comment.index).trim(), lines: 1}
  return {
    value: '',
    lines: 1,
    fault: `${name} has a # behind a blank, which may begin a comment or belong to the value: put the value in quotes, or a blank behind the #`,
  }
}

function quotedValue(name: string, quote: string, lines: string[]): Omit<Entry, 'name'> {
  const text = lines.join('\n').slice(1)
  const end = text.indexOf(quote)
  if (end === -1) return {value: '', lines: 1, fault: `${name} begins with ${quote} and that quote is never closed`}
  const value = text.slice(0, end)
  const taken = value.split('\n').length
  const behind = text.slice(end + 1).split('\n')[0] ?? ''
  if (!/^\s*(\s#.*)?$/.test(behind))
    return {
      value,
      lines: taken,
      fault: `${name} goes on behind its closing ${quote}: use another kind of quote around the value`,
    }
  return {value: quote === '"' ? value.replaceAll('\\n', '\n') : value, lines: taken}
}

// Tools agree that the last one counts; a person who reads the first does not know that there is another.
function repeated({name, value}: Entry, found: ReadonlyMap<string, {value: string; line: number}>): string | undefined {
  const before = name === undefined ? undefined : found.get(name)
  return before === undefined || before.value === value
    ? undefined
    : `${name} has another value in line ${before.line}: keep one of them`
}
