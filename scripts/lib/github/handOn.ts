// Hands values on to later steps of a GitHub workflow, through the files that its runner names.
import {appendFileSync} from 'node:fs'

/** `GITHUB_OUTPUT` hands on by name of the step, `GITHUB_ENV` as a variable of every later step. */
export type HandedOnIn = 'GITHUB_OUTPUT' | 'GITHUB_ENV'

/** Does nothing outside a workflow. Throws for a value of several lines, which would be read as several values. */
export function handOn(
  file: HandedOnIn,
  values: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string | undefined>>,
): void {
  const path = variables[file]
  if (path === undefined || path === '') return
  for (const [name, value] of Object.entries(values)) {
    if (/[\r\n]/.test(value)) throw new Error(`${name} cannot be handed on, since it has several lines`)
    appendFileSync(path, `${name}=${value}\n`)
  }
}
