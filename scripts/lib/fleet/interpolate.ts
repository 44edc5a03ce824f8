// Fills `${NAME}` and `${NAME:-default}` in the texts of the fleet file from variables of the environment.
import type {Fault, Path} from '../saved/fault.ts'

// The last form is whatever else begins like a reference: it is told, since it would otherwise stay as it is.
const pattern = /\$\$\{|\$\{([A-Z][A-Z0-9_]*)(?::-([^{}]*))?\}|(\$\{[^}]*\}?)/g
const oneReference = /^\$\{[A-Z][A-Z0-9_]*(:-[^{}]*)?\}$/

export interface Interpolated {
  value: unknown
  faults: Fault[]
}

export interface Interpolation {
  variables: Readonly<Record<string, string | undefined>>
  /** Names that are refused: the value of a secret may not become configuration. */
  secrets: ReadonlySet<string>
  /** Whether a text is wanted at a path, so that "5" stays a text there. */
  takesText: (path: Path) => boolean
}

/**
 * A copy with every reference filled in. A text that is nothing but one reference becomes a number or a switch when it
 * looks like one and no text is wanted, so `timeoutMs: ${TIMEOUT_MS:-5000}` is a number. `$${` stands for `${`.
 */
export function interpolate(value: unknown, options: Interpolation, path: Path = []): Interpolated {
  if (typeof value === 'string') return interpolateText(value, options, path)
  if (Array.isArray(value)) {
    const items = value.map((item, index) => interpolate(item, options, [...path, index]))
    return {value: items.map(item => item.value), faults: items.flatMap(item => item.faults)}
  }
  if (value === null || typeof value !== 'object') return {value, faults: []}
  const items = Object.entries(value).map(([key, item]) => ({key, ...interpolate(item, options, [...path, key])}))
  return {
    value: Object.fromEntries(items.map(item => [item.key, item.value])),
    faults: items.flatMap(item => item.faults),
  }
}

function interpolateText(text: string, {variables, secrets, takesText}: Interpolation, path: Path): Interpolated {
  const faults: Fault[] = []
  const fill = (whole: string, name?: string, fallback?: string, malformed?: string) => {
    if (malformed !== undefined) {
      faults.push({
        path,
        message: `holds ${malformed}, which is no reference`,
        remedy: 'write ${NAME} or ${NAME:-default} with a name in capitals, or $${ where ${ itself is meant',
      })
      return whole
    }
    if (name === undefined) return '${'
    if (secrets.has(name)) {
      faults.push({
        path,
        message: `takes the secret ${name} as configuration`,
        remedy: 'a server gets its secrets as variables; delete it here',
      })
      return whole
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
  }
  const filled = text.replace(pattern, fill)
  const isTyped = oneReference.test(text) && faults.length === 0 && !takesText(path)
  return {value: isTyped ? scalar(filled) : filled, faults}
}

// Leading zeros mark a text: a version, a post code, a phone number.
function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text
}
