// One fault of the configuration, and the message that shows all of them at once.
import {UserError} from '../errors/userError.ts'

export type Path = readonly (string | number)[]

export interface Fault {
  path: Path
  /** "should be a number, got "80a"": expectation and value, without the place. */
  message: string
  remedy?: string
}

/** The error for a list of faults; `place` turns a path into `fleet.yaml:12:7`. */
export function faultsError(faults: readonly Fault[], place: (path: Path) => string): UserError {
  const lines = faults.map(fault => {
    const key = fault.path.length === 0 ? '' : ` ${fault.path.join('.')}`
    const remedy = fault.remedy === undefined ? '' : `\n  → ${fault.remedy}`
    return `${place(fault.path)}${key}: ${fault.message}${remedy}`
  })
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`
  return new UserError(`${lines.join('\n')}\n${count} in the configuration; nothing was started`)
}

/** A value as it is quoted in a fault: short, and with its type visible. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  // JSON has no word for .nan and .inf, which YAML can say.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
