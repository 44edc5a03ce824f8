// Parses YAML and keeps where each key stands, for messages such as `fleet.yaml:12:7`.
import {isMap, isPair, LineCounter, parseDocument} from 'yaml'
import {UserError} from '../errors/userError.ts'
import type {Path} from '../saved/fault.ts'

export interface Located {
  value: unknown
  /** `file:line:column` of the deepest key on the path that stands in the file. */
  place: (path: Path) => string
}

/** Throws a `UserError` with the place of every syntax fault, duplicate keys included. */
export function parseLocated(text: string, file: string): Located {
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, uniqueKeys: true})
  const at = (offset: number) => {
    const {line, col} = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    const unquoted = unquotedReferences(
      text,
      document.errors.map(error => error.pos[0]),
    )
    if (unquoted.length > 0) throw new UserError(unquoted.map(({offset, line}) => `${at(offset)}: ${line}`).join('\n'))
    const messages = document.errors.map(error => `${at(error.pos[0])}: is not YAML: ${firstLine(error.message)}`)
    throw new UserError(messages.join('\n'), 'fix the YAML; templates/fleet.yaml shows every key')
  }
  const place = (path: Path) => {
    for (let depth = path.length; depth > 0; depth--) {
      const offset = offsetOf(document, path.slice(0, depth))
      if (offset !== undefined) return at(offset)
    }
    return at(0)
  }
  return {value: plainValue(document, file), place}
}

// Aliases are only followed here, and one may lead nowhere, into itself, or into more text than memory holds.
function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    const value: unknown = document.toJS()
    JSON.stringify(value)
    return value
  } catch (cause) {
    throw new UserError(
      `${file}: is not YAML that can be used: ${firstLine((cause as Error).message)}`,
      'fix or write out the alias',
      {cause},
    )
  }
}

// Between braces and brackets YAML takes `{` of a reference for a map of its own, and says so in three ways at once.
function unquotedReferences(text: string, offsets: readonly number[]): {offset: number; line: string}[] {
  const starts = new Set(offsets.map(offset => text.lastIndexOf('\n', offset - 1) + 1))
  return [...starts].flatMap(start => {
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end < 0 ? undefined : end)
    return [...line.matchAll(/[[{,:]\s*(\$\{[A-Z][^}]*\})(?=\s*[,}\]])/g)].map(found => ({
      offset: start + found.index + found[0].length - (found[1] ?? '').length,
      line: `${found[1]} stands between braces or brackets, where YAML reads { as a map\n  → quote it: '${found[1]}'`,
    }))
  })
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '')
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find(
      item => isPair(item) && String((item.key as {value?: unknown})?.value ?? item.key) === String(path.at(-1)),
    )
    const key = pair?.key as {range?: readonly number[]} | undefined
    if (key?.range?.[0] !== undefined) return key.range[0]
  }
  const node = document.getIn(path, true) as {range?: readonly number[]} | undefined
  return node?.range?.[0]
}
