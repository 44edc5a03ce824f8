// Fills `${NAME}` and `${NAME:-default}` in the texts of the fleet file from variables of the environment.
import {parse} from 'yaml'
import type {Fault, Path} from './fault.ts'

const pattern = /\$\$\{|\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/g

export interface Interpolated {
  value: unknown
  faults: Fault[]
}

/**
 * A copy with every reference filled in. A text that is nothing but one reference takes the YAML type of what was filled
 * in, so `timeoutMs: ${TIMEOUT_MS:-5000}` is a number. `$${` stands for `${`. Names in `secrets` are refused here:
 * their values may not become configuration.
 */
export function interpolate(
  value: unknown,
  variables: Readonly<Record<string, string | undefined>>,
  secrets: ReadonlySet<string>,
  path: Path = [],
): Interpolated {
  if (typeof value === 'string') return interpolateText(value, variables, secrets, path)
  if (Array.isArray(value)) {
    const items = value.map((item, index) => interpolate(item, variables, secrets, [...path, index]))
    return {value: items.map(item => item.value), faults: items.flatMap(item => item.faults)}
  }
  if (value === null || typeof value !== 'object') return {value, faults: []}
  const items = Object.entries(value).map(([key, item]) => ({
    key,
    ...interpolate(item, variables, secrets, [...path, key]),
  }))
  return {
    value: Object.fromEntries(items.map(item => [item.key, item.value])),
    faults: items.flatMap(item => item.faults),
  }
}

function interpolateText(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
  secrets: ReadonlySet<string>,
  path: Path,
): Interpolated {
  const faults: Fault[] = []
  const filled = text.replace(pattern, (whole, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return '${'
    if (secrets.has(name)) {
      faults.push({
        path,
        message: `takes the secret ${name} as configuration`,
        remedy: 'a server gets its secrets as variables; delete it here',
      })
    }
    const found = variables[name] ?? fallback
    if (found === undefined) {
      faults.push({
        path,
        message: `needs the variable ${name}, which is not set`,
        remedy: `set it, or write \${${name}:-default}`,
      })
    }
    return found ?? whole
  })
  const isOneReference = text.replace(pattern, '') === '' && text !== '' && !text.startsWith('$$')
  return {value: isOneReference && faults.length === 0 ? scalar(filled) : filled, faults}
}

function scalar(text: string): unknown {
  const value: unknown = parse(text)
  return value !== null && typeof value === 'object' ? text : value
}
